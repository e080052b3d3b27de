"""Which passwords are good enough."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.passwords import normalised, why_refused


@pytest.mark.parametrize(
    "password",
    [
        "seven green boats on a lake",
        "ünïcödé wörds äre fïne",
        "日本語のながいあいことばですよねえ",
        "x7!kQ2#vLm9$wTz4p",
    ],
)
def test_it_takes_long_passwords_of_any_kind(password):
    assert why_refused(password, "Lead One") is None


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "15 characters or more"),
        ("x" * 201, "200 characters or fewer"),
        ("aaaaaaaaaaaaaaaaaaaa", "repeats itself"),
        ("abcabcabcabcabcabc", "repeats itself"),
        ("passwordpassword1", "easy to guess"),
        ("abcdefghijklmnopq", "easy to guess"),
        ("123456789012345678", "easy to guess"),
        ("quizapp intrathecal", "easy to guess"),
        ("hospital nurse clinic", "easy to guess"),
        ("Lead One Lead One 12", "easy to guess"),
        ("qwertyuiopasdfghjkl", "easy to guess"),
    ],
)
def test_it_says_what_to_do_about_others(password, said):
    assert said in (why_refused(password, "Lead One") or "")


def test_it_takes_shorter_ones_with_a_second_factor():
    assert why_refused("boatlake", "Lead One") is not None
    assert why_refused("boatlake", "Lead One", has_second_factor=True) is None


def test_it_reads_a_password_the_same_however_it_was_typed():
    assert normalised("cafe\u0301") == normalised("caf\u00e9")


@pytest.mark.parametrize(
    "password",
    [
        "🐢🚲🎻🌋🧀🪁🛶🧭🪣🥁🧶🪴🛎🧲🪗",
        "!#5&x)*+,-./:;<=>?@",
        "пять зелёных лодок на озере",
        "五隻綠色的小船在湖上漂流著等風來了",
        "हरी नावें झील पर धीरे चलती",
        "seven boats    and a lake",
    ],
)
def test_it_takes_signs_of_any_script_and_spaces(password):
    assert why_refused(password, "Lead One") is None


@given(st.text(max_size=250))
def test_it_has_an_answer_to_any_text_and_never_takes_too_short_or_too_long_a_one(password):
    if why_refused(password, "Lead One") is None:
        assert 15 <= len(normalised(password)) <= 200


@given(st.sampled_from(list("aZ7 é!")), st.integers(15, 200))
def test_it_never_takes_one_sign_repeated(sign, times):
    assert why_refused(sign * times, "Lead One") is not None
