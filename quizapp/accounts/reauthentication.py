"""Ask the person who is signed in for their password again, before something that matters."""

from quizapp.accounts import second_factor
from quizapp.accounts.auth import signed_in
from quizapp.accounts.login import check_password
from quizapp.web.context import db


def is_own_password(password: str) -> bool:
    """Return whether it is; counted, slowed down and audited like a login. Call it before the view writes."""
    return check_password(signed_in().name, password, lambda _account, _now: True) is True


def are_own_password_and_code(password: str, code: str) -> bool:
    """Return whether both are right; else one attempt is counted. The code is used up."""
    is_right = check_password(
        signed_in().name, password, lambda account, now: second_factor.use_code(db(), account, code, now) or None
    )
    return is_right is True
