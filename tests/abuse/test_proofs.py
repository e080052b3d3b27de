"""docs/security.md names tests that exist, and leaves no abuse case out."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECURITY = ROOT / "docs" / "security.md"


def test_it_names_tests_that_exist():
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", SECURITY.read_text())
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not re.search(rf"^def {name}\(", (ROOT / file).read_text(), re.MULTILINE)
    ]
    assert len(named) > 60
    assert missing == []


def test_it_lists_all_thirty_cases():
    assert re.findall(r"^\| (\d+) \|", SECURITY.read_text(), re.MULTILINE) == [str(n) for n in range(1, 31)]
