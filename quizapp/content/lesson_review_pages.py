"""What the pages about the content show: coverage, preview, sign-off."""

from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _

from quizapp.content.catalogue import Catalogue
from quizapp.content.readability import count, flesch_kincaid
from quizapp.domain.approval import ApprovalState, LessonApproval
from quizapp.domain.coverage import coverage, unused_places
from quizapp.domain.gettext_marker import N_
from quizapp.domain.procedure import Block, Item, Lesson, Procedure
from quizapp.web.i18n import day_words, decimal_words

STATE_WORDS = {
    ApprovalState.APPROVED: N_("approved"),
    ApprovalState.CHANGED: N_("changed since it was approved"),
    ApprovalState.NEVER: N_("not yet approved by a clinician"),
}


@dataclass(frozen=True)
class LessonLine:
    number: int
    title: str
    preview_url: str
    state: str
    is_approved: bool
    by: str


@dataclass(frozen=True)
class LessonMark:
    """What one lesson does with one fact. `words`: "teaches", "tests", both, or ""; `sign` is seen in their place."""

    sign: str
    words: str


@dataclass(frozen=True)
class CoverageLine:
    """`lessons` has one mark a lesson."""

    fact_id: str
    text: str
    place: str
    standing: str
    varies: bool
    lessons: tuple[LessonMark, ...]
    items: str
    reason: str


@dataclass(frozen=True)
class ContentPage:
    """One procedure's lessons with their sign-off, and the matrix of facts, lessons and items."""

    title: str
    others: tuple[tuple[str, str, str], ...]
    source_language: str
    lessons: tuple[LessonLine, ...]
    facts: tuple[CoverageLine, ...]
    unused: tuple[tuple[str, int], ...]
    unapproved: int


@dataclass(frozen=True)
class PreviewOption:
    id: str
    text: str
    is_key: bool
    belief: str
    feedback: str


@dataclass(frozen=True)
class PreviewForm:
    id: str
    stem: str
    options: tuple[PreviewOption, ...]


@dataclass(frozen=True)
class PreviewItem:
    id: str
    fact_id: str
    fact: str
    critical: bool
    varies: bool
    teach_back: str
    dont_know: str
    forms: tuple[PreviewForm, ...]


@dataclass(frozen=True)
class PreviewPage:
    """One lesson with all that it can say, for clinicians to approve on paper.

    `grade` is the lesson's Flesch-Kincaid grade, "" where the language has none. `prompts`: those of the summary, by
    theme, below the last lesson.
    """

    content: Procedure
    procedure: str
    procedure_id: str
    number: int
    title: str
    lesson_id: str
    main: str
    blocks: tuple[Block, ...]
    items: tuple[PreviewItem, ...]
    grade: str
    prompts: tuple[tuple[str, tuple[str, ...]], ...]
    state: str
    approval_lines: tuple[str, ...]
    others: tuple[tuple[str, str], ...]


def content_page(catalogue: Catalogue, procedure: Procedure, preview: str) -> ContentPage:
    """`preview` is the endpoint of the preview pages."""
    rows = coverage(procedure)
    lessons = tuple(
        _lesson_line(number, lesson.title, approval, url_for(preview, procedure_id=procedure.id, number=number))
        for number, (lesson, approval) in enumerate(
            zip(procedure.lessons, catalogue.approvals[procedure.id], strict=True), start=1
        )
    )
    return ContentPage(
        title=procedure.title,
        others=tuple(
            (other.in_language(other.source).title, url_for("staff.content", procedure=other_id), other.source)
            for other_id, other in catalogue.editions.items()
            if other_id != procedure.id
        ),
        source_language=catalogue.editions[procedure.id].source,
        lessons=lessons,
        facts=tuple(
            CoverageLine(
                row.fact.id,
                row.fact.text,
                f"{row.fact.section} {row.fact.paragraph or ''}".strip(),
                _(row.standing),
                bool(row.fact.varies),
                tuple(
                    _mark(lesson, row.fact.id, number in row.taught_in)
                    for number, lesson in enumerate(procedure.lessons, start=1)
                ),
                ", ".join(row.tested_by),
                row.fact.quiz_reason,
            )
            for row in rows
        ),
        unused=tuple(unused_places(procedure)),
        unapproved=sum(not line.is_approved for line in lessons),
    )


def preview_page(
    catalogue: Catalogue, procedure: Procedure, number: int, preview: str, today: date
) -> PreviewPage:
    """`today` goes into the lines of the sign-off. Raises IndexError where there is no such lesson."""
    lesson = procedure.lessons[number - 1]
    approval = catalogue.approvals[procedure.id][number - 1]
    return PreviewPage(
        content=procedure,
        procedure=procedure.title,
        procedure_id=procedure.id,
        number=number,
        title=lesson.title,
        lesson_id=lesson.id,
        main=lesson.main,
        blocks=lesson.blocks,
        items=tuple(_item(procedure, item) for item in lesson.items),
        grade=_grade(procedure, lesson),
        prompts=_prompts(procedure) if number == len(procedure.lessons) else (),
        state=_(STATE_WORDS[approval.state]),
        approval_lines=(
            f"[lessons.{lesson.id}]",
            'approved_by = "your role or initials"',
            f"approved_on = {today.isoformat()}",
            f'of = "{approval.of}"',
        ),
        others=tuple(
            (f"{other}. {item.title}", url_for(preview, procedure_id=procedure.id, number=other))
            for other, item in enumerate(procedure.lessons, start=1)
        ),
    )


def _grade(procedure: Procedure, lesson: Lesson) -> str:
    if procedure.language != "en":
        return ""
    allowed = {word.casefold() for term in procedure.terms for word in (term.term, *term.also)}
    text = "\n\n".join([lesson.main, *(block.text for block in lesson.blocks)])
    return decimal_words(flesch_kincaid(count(text, "en", allowed)), 1)


def _prompts(procedure: Procedure) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((theme.title, tuple(prompt.text for prompt in theme.prompts)) for theme in procedure.themes)


def _lesson_line(number: int, title: str, lesson: LessonApproval, preview_url: str) -> LessonLine:
    approval = lesson.approval
    by = f"{approval.approved_by}, {day_words(approval.approved_on)}" if approval else ""
    is_approved = lesson.state is ApprovalState.APPROVED
    return LessonLine(number, title, preview_url, _(STATE_WORDS[lesson.state]), is_approved, by)


def _mark(lesson: Lesson, fact_id: str, is_taught: bool) -> LessonMark:
    is_tested = any(item.fact == fact_id for item in lesson.items)
    words = " ".join(word for word, applies in ((_("teaches"), is_taught), (_("tests"), is_tested)) if applies)
    return LessonMark("●" if is_tested else "○" if is_taught else "", words)


def _item(procedure: Procedure, item: Item) -> PreviewItem:
    fact = procedure.fact(item.fact)
    return PreviewItem(
        item.id,
        fact.id,
        fact.text,
        item.critical,
        bool(fact.varies),
        item.teach_back,
        item.dont_know,
        tuple(
            PreviewForm(
                form.id,
                form.stem,
                tuple(
                    PreviewOption(
                        option.id,
                        option.text,
                        option.key,
                        procedure.misconception_name(option.misconception),
                        option.feedback,
                    )
                    for option in form.options
                ),
            )
            for form in item.forms
        ),
    )
