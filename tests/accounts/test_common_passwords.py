"""No password that people take most, for anybody of the staff."""

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from quizapp.accounts import AccountError, password_hashing
from quizapp.accounts.password_hashing import is_common
from quizapp.domain.passwords import WITH_SECOND_FACTOR


@pytest.mark.parametrize("password", ["michelle", "Jennifer", "basketball", "1qazxsw2", "BLINK182"])
def test_it_takes_none_of_them(password):
    with pytest.raises(AccountError, match="easy to guess"):
        password_hashing.hash_password(password, "Lead One", has_second_factor=True)


def test_it_takes_a_few_words_in_a_row():
    assert not is_common("seven green boats on a lake")
    assert password_hashing.hash_password("boatlake", "Lead One", has_second_factor=True)


def test_it_knows_more_of_them_than_three_thousand_that_are_long_enough():
    """As many as ASVS 6.2.4 asks for."""
    assert sum(len(password) >= WITH_SECOND_FACTOR for password in FREQUENCY_LISTS["passwords"]) >= 3_000
