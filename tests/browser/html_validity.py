"""Whether every page is valid HTML: `python -m tests.browser.html_validity`. Needs Node; npx fetches html-validate.

Takes the tour through the real lessons with a server for each language, keeps each page's bytes as they came, and has
html-validate read them all.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Response, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.page_agent import tour_in, whole_staff
from tests.serving import start_server
from tests.tour import two_procedures

RULES = Path(__file__).with_name("html_validity.json")
VALIDATOR = ["npx", "--yes", "html-validate@10"]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        pages = Path(folder) / "pages"
        pages.mkdir()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        came = sum(keep_pages(browser, Path(folder), pages, language) for language in ("en", "es"))
        browser.close()
        shutil.copy(RULES, pages / ".htmlvalidate.json")
        command = [*VALIDATOR, "--formatter", "text", f"{pages}/*.html"]
        found = subprocess.run(command, text=True, capture_output=True)
        read = len(list(pages.glob("*.html")))
    print(found.stdout + found.stderr)
    problems = len(found.stdout.splitlines())
    print(f"html-validate: {read} of {came} pages and states in two languages, {problems} problems")
    return found.returncode or read != came


def keep_pages(browser: Browser, folder: Path, pages: Path, language: str) -> int:
    """Take the whole tour, with each page's HTML written into `pages` on the way; how many came."""
    (folder / language).mkdir()
    server = start_server(
        folder / language / "instance",
        questions_path=str(two_procedures(folder / language / "questions")),
        draft_languages="1",
        kiosk_minutes="5",
        starts_per_minute="3",
    )
    came, code = 0, ""

    def keep(response: Response) -> None:
        nonlocal came
        if response.headers.get("content-type", "").startswith("text/html") and response.status not in (302, 303):
            came += 1
            (pages / f"{language}-{came:03}.html").write_bytes(response.body())

    for part in ("patient", "staff", "too_many_starts"):
        context = browser.new_context()
        context.add_cookies([{"name": "language", "value": language, "url": server.address}])
        page = context.new_page()
        page.on("response", keep)
        tour = tour_in(page, server, "it-pump", code)
        for _ in whole_staff(tour, server) if part == "staff" else getattr(tour, part)():
            page.wait_for_load_state("networkidle")
        code = tour.visit_code
        context.close()
    server.stop()
    return came


if __name__ == "__main__":
    sys.exit(main())
