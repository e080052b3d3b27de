"""Whether every page is valid HTML: `python -m tests.browser.html_validity`. Needs Node; npx fetches html-validate.

Takes the tour with a real server, keeps each page's bytes as they came, and has html-validate read them all.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, Response, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.tour import Tour, two_procedures
from tests.serving import start_server

RULES = Path(__file__).with_name("html_validity.json")
VALIDATOR = ["npx", "--yes", "html-validate@10"]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        pages = Path(folder) / "pages"
        pages.mkdir()
        with kept_pages(Path(folder), pages) as tours:
            for tour, part in tours:
                for _ in getattr(tour, part)():
                    pass
        shutil.copy(RULES, pages / ".htmlvalidate.json")
        command = [*VALIDATOR, "--formatter", "text", f"{pages}/*.html"]
        found = subprocess.run(command, text=True, capture_output=True)
        count = len(list(pages.glob("*.html")))
    print(found.stdout + found.stderr)
    problems = len(found.stdout.splitlines())
    print(f"html-validate: {count} pages and states, {problems} problems")
    return found.returncode


@contextmanager
def kept_pages(folder: Path, pages: Path) -> Iterator[Iterator[tuple[Tour, str]]]:
    """The tour's parts, with each page's HTML written into `pages` on the way."""
    server = start_server(
        folder / "instance",
        questions_path=str(two_procedures(folder / "questions")),
        draft_languages="1",
        kiosk_minutes="5",
        starts_per_minute="1",
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)

        def keep(response: Response) -> None:
            if response.headers.get("content-type", "").startswith("text/html") and response.status not in (302, 303):
                (pages / f"{len(list(pages.iterdir())):03}.html").write_bytes(response.body())

        def parts() -> Iterator[tuple[Tour, str]]:
            code = ""
            for part in ("patient", "too_many_starts", "staff"):
                page: Page = browser.new_context().new_page()
                page.on("response", keep)
                tour = Tour(page, server, visit_code=code)
                yield tour, part
                code = tour.visit_code

        yield parts()
        browser.close()
    server.stop()


if __name__ == "__main__":
    sys.exit(main())
