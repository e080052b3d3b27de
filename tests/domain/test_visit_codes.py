"""The code that a patient writes down and a nurse types."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.visit_codes import WORDS, keys_from, normalise, unknown_word

KEYS = keys_from(["now", "before"])


@given(st.binary(min_size=16, max_size=32))
def test_it_gives_the_same_code_again(secret):
    code, stored = KEYS.new(secret)
    assert KEYS.code(secret, stored) == code
    assert stored in KEYS.candidates(code)


@given(st.binary(min_size=16, max_size=16))
def test_it_still_knows_codes_made_with_a_former_key(secret):
    code, stored = keys_from(["before"]).new(secret)
    assert KEYS.code(secret, stored) == code
    assert stored in KEYS.candidates(code)


def test_it_refuses_codes_of_another_server():
    _, stored = keys_from(["elsewhere"]).new(b"secret")
    with pytest.raises(LookupError):
        KEYS.code(b"secret", stored)


@pytest.mark.parametrize(
    "typed",
    ["amber-kettle-407", "AMBER KETTLE 407", " amber  kettle407 ", "Amber–Kettle 4 0 7".replace("–", "-")],
)
def test_it_forgives_case_spaces_and_hyphens(typed):
    assert normalise(typed) == "amber-kettle-407"


@pytest.mark.parametrize("typed", ["", "amber", "amber kettle", "amber kettle 40", "407", "x" * 5000, "\x00"])
def test_it_does_not_take_what_is_no_code(typed):
    assert normalise(typed) is None


def test_it_has_256_plain_words():
    assert len(set(WORDS)) == 256
    assert all(word.isascii() and word.islower() and 2 < len(word) < 10 for word in WORDS)


@pytest.mark.parametrize(
    "typed", ["amberkettle407", "AmberKettle 407", "amber \u2013 kettle\u2014407", "amber kettle\t407\n"]
)
def test_it_takes_a_code_without_or_with_other_separators(typed):
    assert normalise(typed) == "amber-kettle-407"


def test_it_reads_every_two_words_run_together_in_one_way():
    together = [first + second for first in WORDS for second in WORDS]
    assert len(set(together)) == len(together)


def test_it_does_not_take_words_that_no_code_has():
    assert normalise("amber-zebra-407") is None


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("ambre-kettle-407", 1),
        ("Amber Kettel 407", 2),
        ("ambre-kettel-407", 1),
        ("amber-kettle-40", None),
        ("amberkettel407", None),
        ("", None),
        ("amber green kettle 407", None),
    ],
)
def test_it_tells_which_word_is_in_no_code(typed, place):
    assert unknown_word(typed) == place
