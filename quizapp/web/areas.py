"""Groups of pages (patients, staff) and what each adds to the shared layout and error pages.

The shared modules of web/ import no page. A group describes itself with an `Area`, and `create_app` registers it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class MenuLink:
    """`current`: the value of aria-current: "page" for the open page, "true" for its section, else ""."""

    label: str
    url: str
    current: str


@dataclass(frozen=True)
class StaffBar:
    """The signed-in person's name and menu. `doubtful_day`: see `SignedIn`."""

    name: str
    links: tuple[MenuLink, ...]
    idle_minutes: int
    has_unapproved_lessons: bool
    is_lead: bool
    doubtful_day: date | None


@dataclass(frozen=True)
class Area:
    """The pages whose addresses begin with `prefix`; "" is the area of all other pages.

    `home` returns the link that an error page offers. `error_text` returns a sentence for an HTTP status, or None for
    the general one. `staff_bar` returns None without a signed-in account. `holds_patient` tells whether this device can
    open a patient's answers, so that a shared tablet has to forget them.
    """

    prefix: str
    home: Callable[[], Link]
    styles: tuple[str, ...] = ("app.css",)
    scripts: tuple[str, ...] = ("app.js",)
    error_text: Callable[[int], str | None] = lambda _status: None
    staff_bar: Callable[[], StaffBar | None] = lambda: None
    holds_patient: Callable[[], bool] = lambda: False
