"""Where the checker says that something stands."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from quizapp.content.toml_positions import scan

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
    assert lines.of(("main",)) == 2
    assert lines.of(("items", "one")) == lines.of(("items", "1")) == 4
    assert lines.of(("items", "one", "forms", "a", "stem")) == 13
    assert lines.of(("items", "two", "forms", "a", "stem")) == lines.of(("items", "2", "forms", "1", "stem")) == 20
    assert lines.of(("facts", "far", "of")) == 22


def test_it_gives_the_line_around_what_it_does_not_know():
    assert scan(TEXT).of(("items", "two", "block")) == 15
    assert scan(TEXT).of(("nothing",)) is None


def test_it_does_not_take_the_text_of_a_string_for_tables():
    assert scan(TEXT).of(("items", "not-an-item")) is None


@given(st.lists(st.from_regex(r"[a-z][a-z0-9-]{0,5}", fullmatch=True), unique=True, max_size=20))
def test_it_finds_every_id_on_the_line_after_its_header(ids):
    text = "".join(f'[[facts]]\nid = "{name}"\n\n' for name in ids)
    assert len(tomllib.loads(text).get("facts", [])) == len(ids)
    assert [scan(text).of(("facts", name, "id")) for name in ids] == [3 * number + 2 for number in range(len(ids))]


@given(st.text())
def test_it_reads_any_text_without_an_error(text):
    assert scan(text).of(("x",)) is None or "x" in text
