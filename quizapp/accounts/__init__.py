"""Staff accounts: login, roles, sessions, second factor, login limits and the audit log."""


class AccountError(Exception):
    """A request that cannot be granted. The message tells the person what to do instead."""
