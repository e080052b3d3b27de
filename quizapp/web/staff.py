"""The staff blueprint and its menu. The subjects' modules add their views to both."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from quizapp.web.context import MenuLink

bp = Blueprint("staff", __name__, url_prefix="/staff")

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class MenuEntry:
    """`sections`: the parts of an address after /staff/ that belong to this entry."""

    label: str
    endpoint: str
    order: int
    leads_only: bool
    sections: tuple[str, ...]


_entries: dict[str, MenuEntry] = {}


def menu_entry(
    label: str, order: int, *, sections: tuple[str, ...], leads_only: bool = False
) -> Callable[[View], View]:
    """Add a view to the staff menu. Put it above `@bp.get`; `label` is marked with N_ for translation."""

    def register(view: View) -> View:
        endpoint = f"staff.{view.__name__}"
        _entries[endpoint] = MenuEntry(label, endpoint, order, leads_only, sections)
        return view

    return register


def menu_links(*, is_lead: bool) -> tuple[MenuLink, ...]:
    """The menu of the person who is signed in, with the current section marked."""
    entries = sorted(_entries.values(), key=lambda entry: entry.order)
    return tuple(
        MenuLink(_(entry.label), url_for(entry.endpoint), _current(entry))
        for entry in entries
        if is_lead or not entry.leads_only
    )


def _current(entry: MenuEntry) -> str:
    if request.path == url_for(entry.endpoint):
        return "page"
    section = request.path.removeprefix("/staff/").split("/")[0]
    return "true" if section in entry.sections else ""
