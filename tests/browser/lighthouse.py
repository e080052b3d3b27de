"""What Lighthouse says of the walk's pages: `python -m tests.browser.lighthouse [--times 3]`.

Needs Node; npx fetches Lighthouse. As on a slow phone, Lighthouse's own default, with no search engines (every page is
private). A busy machine takes points from the performance, so each page is looked at several times, and the run in the
middle counts, as Lighthouse's own guide to its variability says. Prints scores of 100, and what took points away; ends
with 1 if one is below 100.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS, follow
from tests.serving import start_server

LIGHTHOUSE = ["npx", "--yes", "lighthouse@12"]  # runs on Node 18 and later
KINDS = ("performance", "accessibility", "best-practices")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=3)
    times = parser.parse_args().times
    below = 0
    print(f"{'page':10}", *(f"{kind:>16}" for kind in KINDS))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright, ExitStack() as closing:
        server = start_server(Path(folder) / "instance")
        closing.callback(server.stop)
        browser = closing.enter_context(playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS))
        page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
        for name in walk(page, server.address):
            reports = [look(page, Path(folder) / "report.json") for _ in range(times)]
            report = sorted(reports, key=lambda each: scores(each)["performance"])[times // 2]
            print(f"{name:10}", *(f"{score:16}" for score in scores(report).values()), flush=True)
            for line in lost(report):
                print(f"    {line}", flush=True)
            below += sum(score < 100 for score in scores(report).values())
    return 1 if below else 0


def walk(page: Page, address: str) -> Iterator[str]:
    """A patient at the first page of each kind, and at the summary of one who stops after a question."""
    page.goto(f"{address}/")
    yield "start"
    follow(page, "main form button")
    follow(page, "main a[rel=next]")
    yield "lesson"
    follow(page, "main form button")
    yield "question"
    page.check("#option-dont-know")
    follow(page, "button[value=think]")
    yield "feedback"
    follow(page, ".stop button")
    while not page.query_selector("#journey-done"):
        follow(page, "main form button")
    yield "summary"


def look(page: Page, path: Path) -> dict[str, Any]:
    """Lighthouse's report on the page's address, opened with the page's cookies in a Chromium of its own."""
    cookies = "; ".join(f"{each['name']}={each['value']}" for each in page.context.cookies())
    command = [
        *LIGHTHOUSE,
        page.url,
        f"--only-categories={','.join(KINDS)}",
        f"--chrome-flags={' '.join(FLAGS)} --headless=new",
        f"--extra-headers={json.dumps({'Cookie': cookies})}",
        "--output=json",
        f"--output-path={path}",
        "--quiet",
        "--no-enable-error-reporting",
    ]
    environment = {**os.environ, "CHROME_PATH": str(CHROMIUM)}
    subprocess.run(command, env=environment, check=True)
    report: dict[str, Any] = json.loads(path.read_text())
    if report["finalDisplayedUrl"] != page.url:
        raise RuntimeError(f"Lighthouse was led from {page.url} to {report['finalDisplayedUrl']}")
    return report


def scores(report: dict[str, Any]) -> dict[str, int]:
    """Of 100, by kind."""
    return {kind: round(report["categories"][kind]["score"] * 100) for kind in KINDS}


def lost(report: dict[str, Any]) -> list[str]:
    """Each audit that counts and is not full: its share of 1, and what it found."""
    counted = [each["id"] for kind in KINDS for each in report["categories"][kind]["auditRefs"] if each["weight"]]
    audits = [report["audits"][audit] for audit in counted]
    return [
        f"{each['score']:.2f} {each['title']} {each.get('displayValue', '')}"
        for each in audits
        if each["score"] is not None and each["score"] < 1
    ]


if __name__ == "__main__":
    sys.exit(main())
