"""What the pages about signing in and accounts show."""

from dataclasses import dataclass

TOTP_SECRET = "totp_secret"  # noqa: S105 - the name of a session value, of a second factor being set up


@dataclass(frozen=True)
class SignInPage:
    """`error` is None on the first visit. `next_path` is where to go on."""

    next_path: str
    name: str = ""
    error: str | None = None


@dataclass(frozen=True)
class SetPasswordPage:
    """`asks_name` for the first lead, who chooses one; else `name` is the account's."""

    token: str
    asks_name: bool
    name: str
    error: str | None = None


@dataclass(frozen=True)
class SessionLine:
    started: str
    last_seen: str
    is_this: bool


@dataclass(frozen=True)
class AccountPage:
    """One's own account. `must_add_second_factor`: nothing else can be opened before."""

    name: str
    role: str
    has_second_factor: bool
    must_add_second_factor: bool
    sessions: tuple[SessionLine, ...]
    error: str | None = None


@dataclass(frozen=True)
class TotpPage:
    """Setting up the second factor. `secret` is for typing, where scanning does not work."""

    secret: str
    qr_url: str
    error: str | None = None


@dataclass(frozen=True)
class RecoveryCodesPage:
    codes: tuple[str, ...]


@dataclass(frozen=True)
class AccountLine:
    id: int
    name: str
    role: str
    state: str
    is_self: bool
    disabled: bool


@dataclass(frozen=True)
class AccountsPage:
    """`new_link` is shown once, right after it was made; None at other times."""

    accounts: tuple[AccountLine, ...]
    new_link: str | None = None
    new_link_for: str = ""
    error: str | None = None


@dataclass(frozen=True)
class AuditLine:
    at: str
    name: str
    action: str
    sheet: str | None
    detail: str


@dataclass(frozen=True)
class AuditPage:
    """`older_url` is None on the last page."""

    lines: tuple[AuditLine, ...]
    actions: tuple[tuple[str, str], ...]
    names: tuple[tuple[str, str], ...]
    action: str
    name: str
    older_url: str | None
