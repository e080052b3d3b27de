"""How long `quizapp check` takes on 1,000 items: run it with `python -m tests.bench.check [ITEMS]`."""

import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

from quizapp.content.checking import check_procedure
from tests.content.hostile_content import write_translation

SHIPPED = Path(__file__).parents[2] / "questions" / "it-pump"
WANTED_SECONDS = 5.0


def repeat(folder: Path, items: int) -> int:
    """Repeat the shipped lessons, with ids of their own, until there are this many items; say how many there are."""
    lessons = sorted((folder / "en" / "lessons").glob("*.toml"))
    texts = [path.read_text() for path in lessons]
    there = sum(text.count("[[items]]") for text in texts)
    number = len(lessons)
    while there < items:
        text = texts[number % len(texts)]
        number += 1
        renamed = re.sub(r'(?m)^id = "(.*)"$', rf'id = "\1-{number}"', text)
        renamed = re.sub(r'(?m)^block = "(.*)"$', rf'block = "\1-{number}"', renamed)
        (folder / "en" / "lessons" / f"{number}-more.toml").write_text(renamed)
        there += text.count("[[items]]")
    return there


def main() -> int:
    items = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    with tempfile.TemporaryDirectory() as place:
        folder = Path(shutil.copytree(SHIPPED, Path(place) / "it-pump"))
        there = repeat(folder, items)
        shutil.rmtree(folder / "es", ignore_errors=True)
        write_translation(folder, "es")
        start = time.perf_counter()
        report = check_procedure(folder)
        seconds = time.perf_counter() - start
    print(f"{there} items and a translation: {seconds:.2f} s, wanted under {WANTED_SECONDS:.0f} s")
    for finding in report.findings[:5]:
        print(f"  {finding}")
    return 0 if seconds < WANTED_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
