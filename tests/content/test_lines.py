"""Where the checker says that something stands."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from quizapp.content.toml_positions import line_of, scan

TEXT = '''id = "x"
main = "m"

[[items]]
id = "one"
text = """
[[items]]
id = "not-an-item"
"""

[[items.forms]]
id = "a"
stem = "s"

[[items]]
id = "two"

[[items.forms]]
id = "a"
stem = "t"
[facts.far]
of = "h"
'''


def test_it_finds_tables_and_entries_by_id_and_by_number():
    lines = scan(TEXT)
    assert line_of(("main",), lines) == 2
    assert line_of(("items", "one"), lines) == line_of(("items", "1"), lines) == 4
    assert line_of(("items", "one", "forms", "a", "stem"), lines) == 13
    assert (
        line_of(("items", "two", "forms", "a", "stem"), lines)
        == line_of(("items", "2", "forms", "1", "stem"), lines)
        == 20
    )
    assert line_of(("facts", "far", "of"), lines) == 22


def test_it_gives_the_line_around_what_it_does_not_know():
    assert line_of(("items", "two", "block"), scan(TEXT)) == 15
    assert line_of(("nothing",), scan(TEXT)) is None


def test_it_does_not_take_the_text_of_a_string_for_tables():
    assert line_of(("items", "not-an-item"), scan(TEXT)) is None


@given(st.lists(st.from_regex(r"[a-z][a-z0-9-]{0,5}", fullmatch=True), unique=True, max_size=20))
def test_it_finds_every_id_on_the_line_after_its_header(ids):
    text = "".join(f'[[facts]]\nid = "{name}"\n\n' for name in ids)
    assert len(tomllib.loads(text).get("facts", [])) == len(ids)
    assert [line_of(("facts", name, "id"), scan(text)) for name in ids] == [
        3 * number + 2 for number in range(len(ids))
    ]


@given(st.text())
def test_it_reads_any_text_without_an_error(text):
    assert line_of(("x",), scan(text)) is None or "x" in text
