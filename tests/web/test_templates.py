"""Every template, rendered from a made-up page of its dataclass, with undefined names as errors."""

import dataclasses
import types
import typing
from datetime import date, datetime
from enum import Enum
from pathlib import Path

import pytest
from markupsafe import Markup

from quizapp import paths
from quizapp.web import preview_pages
from quizapp.web.patient import pages
from quizapp.web.rendering import show
from quizapp.web.staff import (
    account_pages,
    content_pages,
    export_pages,
    idling,
    insight_pages,
    inviting,
    queue_pages,
    recheck_pages,
    report_pages,
    sheet_pages,
)

PAGES = {
    "errors/error.html": pages.ErrorPage,
    "patient/choose.html": pages.ChoosePage,
    "patient/code.html": pages.CodePage,
    "patient/done.html": pages.DonePage,
    "patient/feedback.html": pages.FeedbackPage,
    "patient/invitation.html": pages.InvitationPage,
    "patient/lesson.html": pages.LessonPage,
    "patient/methods.html": pages.MethodsPage,
    "patient/pause.html": pages.PausePage,
    "patient/privacy.html": pages.PrivacyPage,
    "patient/prompts.html": pages.PromptsPage,
    "patient/question.html": pages.QuestionPage,
    "patient/start.html": pages.StartPage,
    "patient/still_there.html": pages.StillTherePage,
    "patient/stopped.html": pages.StoppedPage,
    "patient/summary.html": pages.SummaryPage,
    "staff/account.html": account_pages.AccountPage,
    "staff/accounts.html": account_pages.AccountsPage,
    "staff/audit.html": account_pages.AuditPage,
    "staff/content.html": content_pages.ContentPage,
    "staff/exports.html": export_pages.ExportsPage,
    "staff/insights.html": insight_pages.InsightsPage,
    "staff/invitations.html": inviting.InvitationsPage,
    "staff/login.html": account_pages.SignInPage,
    "staff/poster.html": inviting.PosterPage,
    "staff/preview_broken.html": preview_pages.BrokenPage,
    "staff/recovery_codes.html": account_pages.RecoveryCodesPage,
    "staff/second_factor.html": account_pages.TotpPage,
    "staff/set_password.html": account_pages.SetPasswordPage,
    "staff/slips.html": inviting.SlipsPage,
    "staff/find.html": queue_pages.FindView,
    "staff/hand_back.html": recheck_pages.HandBackPage,
    "staff/idle.html": idling.IdlePage,
    "staff/preview.html": content_pages.PreviewPage,
    "staff/queue.html": queue_pages.QueueView,
    "staff/report.html": report_pages.ReportPage,
    "staff/recheck.html": recheck_pages.RecheckPage,
    "staff/record.html": sheet_pages.RecordPage,
    "staff/sheet.html": sheet_pages.SheetPage,
    "staff/sheet_print.html": sheet_pages.PrintPage,
}
# Only parts of other templates, or shown by the preview's own application (tests/content/test_authoring.py).
NOT_PAGES = {
    "base.html",
    "patient/base.html",
    "staff/base.html",
    "staff/preview_body.html",
    "staff/preview_open.html",
}


def sample(kind, filled, place=""):
    """A made-up value of a type; with `filled` False what may be missing is missing, and tuples are empty."""
    origin, inside = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        if type(None) in inside and not filled:
            return None
        return sample(next(one for one in inside if one is not type(None)), filled, place)
    if origin is tuple:
        if inside[-1] is not Ellipsis:
            return tuple(sample(one, filled, place) for one in inside)
        return (sample(inside[0], filled, place),) if filled else ()
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return kind(**{field.name: sample(hints[field.name], filled, field.name) for field in dataclasses.fields(kind)})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind))
    made = {bool: filled, int: 1, str: place, Markup: Markup("<b>x</b>"), date: date(2026, 11, 24)}
    return datetime(2026, 11, 24, 9, 0) if kind is datetime else made[kind]


def test_it_has_a_page_for_every_template():
    folder = paths.templates_folder()
    templates = {path.relative_to(folder).as_posix() for path in Path(folder).rglob("*.html")}
    assert {name for name in templates if not name.startswith("macros/")} == PAGES.keys() | NOT_PAGES


@pytest.mark.parametrize("filled", [True, False])
@pytest.mark.parametrize("name", sorted(PAGES))
def test_it_renders_from_its_page_alone(app, name, filled):
    page = sample(PAGES[name], filled)
    if name == "patient/feedback.html":
        page = dataclasses.replace(page, verdict="together")
    if name == "staff/preview.html":
        page = dataclasses.replace(page, block_facts=tuple((block.id, ("a fact",)) for block in page.blocks))
    with app.test_request_context("/staff/" if name.startswith("staff/") else "/"):
        text, status = show(name, page)
    assert status == 200
    assert "<h1" in text
