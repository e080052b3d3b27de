"""Every setting: QUIZAPP_<NAME> in the environment, one line each."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from quizapp import paths


class BadSetting(Exception):
    """A setting that cannot be used; the message names it and says what it takes."""


@dataclass(frozen=True)
class Retention:
    """How long sheets live, in days, and how many attempts make a batch."""

    sheet_days: int
    closed_days: int
    min_group: int


@dataclass(frozen=True)
class Settings:
    """What one installation is set to. Each field is QUIZAPP_<FIELD IN CAPITALS>."""

    # Where the database and the secret key are kept.
    instance_path: Path = field(default_factory=paths.instance_folder)
    # The procedures: a folder with one folder for each.
    questions_path: Path = field(default_factory=paths.questions_folder)
    # postgresql+psycopg://... for PostgreSQL; empty for SQLite in the instance folder.
    database_url: str = ""
    # Signs cookies and derives visit codes; empty: made at first start and kept in the instance folder.
    secret_key: str = ""
    # Former secret keys, separated by commas, still accepted while a new one takes over.
    secret_key_fallbacks: str = ""
    # Days a sheet lives after the patient finished or stopped.
    sheet_days: int = 14
    # Days a closed sheet can still be looked at.
    closed_days: int = 2
    # Where `quizapp backup` files are kept; `serve` looks there, and beside the SQLite database, for old ones.
    backup_folder: Path | None = None
    # Attempts that enter the tallies together, and the smallest count that is published; no fewer than 5. Quarters
    # that are over stay as they were published.
    min_group: int = 11
    # The smallest number of which a percentage is published; no fewer than 5.
    percent_base: int = 11
    # 1 shows translations that nobody has reviewed yet, with a banner.
    draft_languages: bool = False
    # Minutes without a touch after which a shared tablet forgets the patient; 0: never.
    kiosk_minutes: int = 0
    # 1 lets leads sign in only with a second factor.
    require_totp: bool = False
    # A file of breached passwords, sorted by SHA-1, that no member of staff may use; none: the most common are refused.
    breached_passwords: Path | None = None
    # Host names this site answers to, separated by commas; empty: any.
    trusted_hosts: str = ""
    # How many proxies in front set X-Forwarded-For, -Proto and -Host; 0: none, and the headers are ignored.
    proxies: int = 0
    # 1 when patients reach the site over https: cookies become Secure, and HSTS is sent.
    https: bool = False
    # The address that invitations and posters carry; empty: the one that the page was asked for.
    public_url: str = ""
    # Processes of `quizapp serve` that answer patients. Each works on one page at a time: two use two cores.
    workers: int = min(2, os.cpu_count() or 1)
    # Attempts that may begin in one minute, all patients of a server process together; more get "please wait" (429).
    starts_per_minute: int = 120

    def __post_init__(self) -> None:
        if self.min_group < 5:
            raise BadSetting("QUIZAPP_MIN_GROUP must be 5 or more: smaller groups give people away")
        if self.percent_base < 5:
            raise BadSetting("QUIZAPP_PERCENT_BASE must be 5 or more: a share of fewer people gives them away")
        if self.sheet_days < 1:
            raise BadSetting("QUIZAPP_SHEET_DAYS must be 1 or more")
        if self.workers < 1:
            raise BadSetting("QUIZAPP_WORKERS must be 1 or more")

    @property
    def retention(self) -> Retention:
        return Retention(self.sheet_days, self.closed_days, self.min_group)

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.instance_path / 'quizapp.sqlite3'}"


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings that the environment gives. Raises BadSetting with the name and what it takes."""
    values: dict[str, Any] = {}
    for setting in fields(Settings):
        name = f"QUIZAPP_{setting.name.upper()}"
        text = environment.get(name)
        if text is None or text == "":
            continue
        values[setting.name] = _parse(name, str(setting.type), text)
    return Settings(**values)


def _parse(name: str, kind: str, text: str) -> Any:
    if "Path" in kind:
        return Path(text).resolve()
    if "bool" in kind:
        if text not in ("0", "1"):
            raise BadSetting(f"{name} takes 0 or 1, not {text!r}")
        return text == "1"
    if "int" in kind:
        if not text.isascii() or not text.isdigit():
            raise BadSetting(f"{name} takes a whole number, not {text!r}")
        return int(text)
    return text
