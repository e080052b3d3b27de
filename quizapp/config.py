"""Every setting (QUIZAPP_<NAME> in the environment, one field each), and where files and folders are."""

import contextlib
import dataclasses
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated, Any

import platformdirs
from pydantic import AfterValidator, Field, ValidationError
from pydantic.dataclasses import dataclass
from pydantic_core import ErrorDetails

PACKAGE = Path(__file__).resolve().parent
IN_SOURCE_TREE = (PACKAGE.parent / "pyproject.toml").is_file() and (PACKAGE.parent / "templates").is_dir()
ROOT = PACKAGE.parent if IN_SOURCE_TREE else PACKAGE  # where templates/ and questions/ are
TEMPLATES = ROOT / "templates"
AbsolutePath = Annotated[Path, AfterValidator(Path.resolve)]

# Pydantic's error type -> what the variable takes.
TAKES = {
    "bool_parsing": "takes 0 or 1",
    "int_parsing": "takes a whole number",
    "greater_than_equal": "must be {ge} or more",
}


class BadSetting(Exception):
    """A setting that cannot be used; the message names it and says what it takes."""


def questions_folder() -> Path:
    return ROOT / "questions"


def instance_folder() -> Path:
    """Return the source tree's instance/, or a wheel's folder in the user's data."""
    return ROOT / "instance" if IN_SOURCE_TREE else Path(platformdirs.user_data_dir("quizapp", appauthor=False))


@dataclasses.dataclass(frozen=True)
class Retention:
    """How long sheets live, in days, and how many attempts make a batch."""

    sheet_days: int
    closed_days: int
    min_group: int


# A plain dataclass read by `from_environment`, not a pydantic-settings BaseSettings: that one reads the environment in
# every constructor, so that `quizapp preview` would open the clinic's database instead of its throw-away one.
@dataclass(frozen=True)
class Settings:
    """The settings of one installation. Each field is QUIZAPP_<FIELD IN CAPITALS>, explained below it, and
    in docs/settings.md, which is generated from here.
    """

    instance_path: AbsolutePath = Field(default_factory=instance_folder)
    """Where the database and the secret key are kept."""
    questions_path: AbsolutePath = Field(default_factory=questions_folder)
    """The procedures: a folder with one folder for each."""
    database_url: str = ""
    """postgresql+psycopg://... for PostgreSQL; empty for SQLite in the instance folder."""
    secret_key: str = ""
    """Signs cookies and derives visit codes. Empty: made at the first start and kept in the instance folder."""
    secret_key_fallbacks: str = ""
    """Former secret keys, separated by commas, still accepted while a new one takes over."""
    sheet_days: int = Field(default=14, ge=1)
    """Days a sheet lives after the patient finished or stopped."""
    closed_days: int = Field(default=2, ge=0)
    """Days a closed sheet can still be opened."""
    backup_folder: AbsolutePath | None = None
    """The folder for `quizapp backup` files. `serve` looks there, and next to the SQLite database, for old ones."""
    min_group: int = Field(default=11, ge=5)
    """Attempts that enter the tallies together, and the smallest count that is published: smaller groups give people
    away. Quarters that are over stay as they were published."""
    percent_base: int = Field(default=11, ge=5)
    """The smallest number of which a percentage is published: a share of fewer people gives them away."""
    draft_languages: bool = False
    """1 shows translations that nobody has reviewed yet, with a banner."""
    kiosk_minutes: int = Field(default=0, ge=0)
    """Minutes without a touch after which a shared tablet forgets the patient; 0: never."""
    require_totp: bool = False
    """1 lets leads sign in only with a second factor."""
    breached_passwords: AbsolutePath | None = None
    """A file of breached passwords, sorted by SHA-1, that no member of staff may use. Without it only the most common
    ones are refused."""
    trusted_hosts: str = ""
    """Host names this site answers to, separated by commas; empty: any."""
    proxies: int = Field(default=0, ge=0)
    """How many proxies in front set X-Forwarded-For, -Proto and -Host; 0: the headers are ignored."""
    https: bool = False
    """1 if patients reach the site over https: cookies become Secure, and HSTS is sent."""
    public_url: str = ""
    """The address on invitations and posters; empty: the one that the page was asked for, if other devices reach it."""
    workers: int = Field(default_factory=lambda: min(2, os.cpu_count() or 1), ge=1)
    """Processes of `quizapp serve`; two unless there is one core."""
    starts_per_minute: int = Field(default=120, ge=0)
    """Attempts that may begin in one minute, all patients together. More get "please wait" (429)."""

    metrics_token: str = ""
    """Opens /metrics, for Prometheus, as a bearer token; empty: there is no such page."""

    @property
    def retention(self) -> Retention:
        return Retention(self.sheet_days, self.closed_days, self.min_group)

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.instance_path / 'quizapp.sqlite3'}"


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Raises BadSetting, with every variable that cannot be used and what it takes."""
    names = (field.name for field in dataclasses.fields(Settings))
    values: dict[str, Any] = {name: environment.get(variable_name(name), "") for name in names}
    try:
        return Settings(**{name: value for name, value in values.items() if value})
    except ValidationError as error:
        raise BadSetting("\n".join(_message(problem) for problem in error.errors())) from None


def variable_name(setting: str) -> str:
    return f"QUIZAPP_{setting.upper()}"


def _message(problem: ErrorDetails) -> str:
    name = str(problem["loc"][0])
    takes = TAKES.get(problem["type"], problem["msg"]).format(**problem.get("ctx", {}))
    return f"{variable_name(name)} {takes}, not {problem['input']!r}"


def read_or_make_secret_key(instance: Path) -> str:
    """Return the key in `instance`/secret-key; generate it with mode 0600 if it is missing.

    A temporary file is linked into place and the file read again, so that several processes that start at once all
    use the key of the first.
    """
    key_file = instance / "secret-key"
    if not key_file.exists():
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=instance, prefix=".secret-key-") as file:  # its mode is 0600
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):  # another process was first: use its key
                os.link(file.name, key_file)
    return key_file.read_text().strip()
