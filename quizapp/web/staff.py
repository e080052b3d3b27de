"""The staff blueprint and its menu. The subjects' modules add their views to both."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint, request, url_for

bp = Blueprint("staff", __name__, url_prefix="/staff")

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class MenuEntry:
    """`label` is marked with N_ for translation. `sections`: the parts of an address after /staff/ that belong here."""

    label: str
    endpoint: str
    order: int
    leads_only: bool
    sections: tuple[str, ...]

    @property
    def current(self) -> str:
        """Return the value of aria-current: "page" for the open page, "true" for its section, else ""."""
        if request.path == url_for(self.endpoint):
            return "page"
        section = request.path.removeprefix("/staff/").split("/")[0]
        return "true" if section in self.sections else ""


_entries: list[MenuEntry] = []


def menu_entry(
    label: str, order: int, *, sections: tuple[str, ...], leads_only: bool = False
) -> Callable[[View], View]:
    """Add a view to the staff menu. Put it above `@bp.get`."""

    def register(view: View) -> View:
        _entries.append(MenuEntry(label, f"staff.{view.__name__}", order, leads_only, sections))
        return view

    return register


@bp.app_template_global()
def staff_menu(*, is_lead: bool) -> list[MenuEntry]:
    """Return the menu of the person who is signed in, in order."""
    entries = sorted(_entries, key=lambda entry: entry.order)
    return [entry for entry in entries if is_lead or not entry.leads_only]
