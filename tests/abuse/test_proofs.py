"""The lists of proofs name tests that exist, and leave no case out."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
LISTS = (TESTS / "abuse" / "README.md", TESTS / "security.md")


@pytest.mark.parametrize("listed", LISTS, ids=lambda path: path.name)
def test_it_names_tests_that_exist(listed):
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", listed.read_text())
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not re.search(rf"^def {name}\(", (TESTS.parent / file).read_text(), re.MULTILINE)
    ]
    assert len(named) > 30
    assert missing == []


def test_it_lists_all_thirty_cases():
    assert re.findall(r"^\| (\d+) \|", LISTS[0].read_text(), re.MULTILINE) == [str(n) for n in range(1, 31)]
