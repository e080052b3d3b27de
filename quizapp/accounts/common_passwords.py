"""Passwords that people take most, as zxcvbn lists them: passwords, names and single words, 94,000 in all."""


def is_common(password: str) -> bool:
    """Whether it is one of them, in whatever case."""
    # Here, not above: 14 MB that a server needs only where somebody sets a password.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return any(password.casefold() in ranked for ranked in FREQUENCY_LISTS.values())
