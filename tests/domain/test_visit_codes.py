"""The code that a patient writes down and a nurse types."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.visit_codes import WORDS, in_language, keys_from, normalise, unknown_word

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


@pytest.mark.parametrize("language", WORDS)
def test_it_has_256_plain_words(language):
    assert len(set(WORDS[language])) == 256
    assert all(word.isascii() and word.islower() and 2 < len(word) < 10 for word in WORDS[language])


def test_it_has_no_two_words_a_letter_apart_in_all_languages_together():
    every = [word for words in WORDS.values() for word in words]
    assert len(set(every)) == 512
    assert [(one, other) for one, other in combinations(every, 2) if is_a_letter_apart(one, other)] == []


def is_a_letter_apart(one, other):
    """One letter changed, added or left out, or two neighbours exchanged."""
    if len(one) == len(other):
        differ = [place for place in range(len(one)) if one[place] != other[place]]
        is_swap = len(differ) == 2 and differ[1] == differ[0] + 1 and sorted(one) == sorted(other)
        return len(differ) == 1 or is_swap
    short, long = sorted((one, other), key=len)
    return any(long[:place] + long[place + 1 :] == short for place in range(len(long)))


@given(st.binary(min_size=16, max_size=16), st.sampled_from(["en", "es", "pt"]))
def test_it_finds_a_code_by_its_words_in_any_language(secret, language):
    code, stored = KEYS.new(secret)
    shown = in_language(code, language)
    assert stored in KEYS.candidates(shown)
    assert stored in KEYS.candidates(shown.replace("-", ""))
    assert (shown == code) is (language != "es")


@pytest.mark.parametrize(
    "typed", ["amberkettle407", "AmberKettle 407", "amber \u2013 kettle\u2014407", "amber kettle\t407\n"]
)
def test_it_takes_a_code_without_or_with_other_separators(typed):
    assert normalise(typed) == "amber-kettle-407"


def test_it_reads_every_two_words_run_together_in_one_way():
    together = [first + second for words in WORDS.values() for first in words for second in words]
    assert len(set(together)) == len(together)


def test_it_does_not_take_words_that_no_code_has():
    assert normalise("amber-zebra-407") is None


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("ambre-kettle-407", 1),
        ("Amber Kettel 407", 2),
        ("abeja-tortuja-407", 2),
        ("ambre-kettel-407", 1),
        ("amber-kettle-40", None),
        ("amberkettel407", None),
        ("", None),
        ("amber green kettle 407", None),
    ],
)
def test_it_tells_which_word_is_in_no_code(typed, place):
    assert unknown_word(typed) == place
