"""The settings, as the environment gives them."""

import pytest

from quizapp.config import BadSetting, from_environment


def test_it_uses_the_default_for_variables_that_are_not_set_or_empty():
    assert from_environment({"QUIZAPP_SHEET_DAYS": ""}) == from_environment({})
    assert from_environment({}).sheet_days == 14


def test_it_reads_numbers_switches_and_paths(tmp_path):
    settings = from_environment(
        {"QUIZAPP_SHEET_DAYS": "7", "QUIZAPP_HTTPS": "1", "QUIZAPP_INSTANCE_PATH": str(tmp_path / "a" / ".." / "b")}
    )
    assert (settings.sheet_days, settings.https, settings.instance_path) == (7, True, tmp_path / "b")
    assert settings.retention.sheet_days == 7
    assert settings.database == f"sqlite:///{tmp_path / 'b' / 'quizapp.sqlite3'}"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("QUIZAPP_HTTPS", "maybe", "takes 0 or 1, not 'maybe'"),
        ("QUIZAPP_WORKERS", "two", "takes a whole number, not 'two'"),
        ("QUIZAPP_PROXIES", "-1", "must be 0 or more, not '-1'"),
        ("QUIZAPP_SHEET_DAYS", "0", "must be 1 or more, not '0'"),
    ],
)
def test_it_names_the_variable_and_what_it_takes(name, value, message):
    with pytest.raises(BadSetting, match=f"{name} {message}"):
        from_environment({name: value})


def test_it_names_every_bad_variable_at_once():
    with pytest.raises(BadSetting, match=r"QUIZAPP_SHEET_DAYS .*\n.*QUIZAPP_PROXIES "):
        from_environment({"QUIZAPP_SHEET_DAYS": "no", "QUIZAPP_PROXIES": "no"})
