"""Builds each page of the walk from what the services know."""

from dataclasses import replace

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from quizapp.domain.grading import ItemRecord, Response, Result
from quizapp.domain.journey import StepKind, minutes_to_read, options_in_order
from quizapp.domain.procedure import Block, Edition, Lesson, Procedure
from quizapp.models import Attempt
from quizapp.patients import attempt_queries, pages
from quizapp.patients.current_attempt import CurrentAttempt, step_url, url_after_feedback
from quizapp.patients.forms import DONT_KNOW
from quizapp.stats.beliefs import CRITICAL_TOLERANCE, TOLERANCE
from quizapp.stats.item_concerns import MANY_MISS
from quizapp.stats.proportions import ENOUGH_FOR_CORRELATIONS, ENOUGH_FOR_SHARES
from quizapp.stats.watching import BASELINE
from quizapp.web.context import current, db
from quizapp.web.i18n import page_language, percent_words, use_content_language
from quizapp.web.qr import qr_svg
from quizapp.web.static_files import drawing


def choose_page() -> pages.ChoosePage:
    editions = current().editions.catalogue.editions.values()
    procedures = [edition.in_language(page_language()) for edition in editions]
    return pages.ChoosePage(
        tuple(pages.ProcedureWay(p.title, url_for("patient.start", procedure_id=p.id), p.language) for p in procedures)
    )


def start_page(edition: Edition, attempt: Attempt | None) -> pages.StartPage:
    procedure = use_content_language(edition)
    resume = attempt is not None and attempt.state != "invited"
    return pages.StartPage(
        title=procedure.title,
        short=procedure.short,
        about=procedure.about,
        minutes=minutes_to_read(procedure),
        lessons=len(procedure.lessons),
        sheet_days=current().settings.sheet_days,
        resume_url=url_for("patient.next_step", procedure_id=procedure.id) if resume else None,
        action=url_for("patient.begin", procedure_id=procedure.id),
    )


def code_page(walker: CurrentAttempt) -> pages.CodePage:
    return pages.CodePage(
        visit_code=walker.visit_code,
        next_url=step_url(walker),
        stop_action=walker.url("stop"),
    )


def lesson_page(walker: CurrentAttempt, number: int) -> pages.LessonPage:
    procedure = walker.procedure
    lesson = procedure.lessons[number - 1]
    return pages.LessonPage(
        number=number,
        of_total=len(procedure.lessons),
        title=lesson.title,
        main=lesson.main,
        blocks=lesson_blocks(procedure, lesson),
        terms=tuple(pages.TermLine(term.term, term.meaning) for term in procedure.new_terms[lesson.id]),
        action=walker.url("read_lesson", number=number),
        back_url=_back_to(walker, number),
        stop_action=walker.url("stop"),
    )


def question_page(walker: CurrentAttempt, item_id: str, *, missing: bool = False) -> pages.QuestionPage:
    procedure = walker.procedure
    step = walker.standing.step
    lesson = procedure.lesson_of(item_id)
    number = procedure.lesson_number(lesson)
    item = next(item for item in lesson.items if item.id == item_id)
    form = item.form_for(step.try_number)
    order = options_in_order(form, item, walker.attempt.id)
    return pages.QuestionPage(
        lesson_number=number,
        of_total=len(procedure.lessons),
        question_number=lesson.items.index(item) + 1,
        question_total=len(lesson.items),
        stem=form.stem,
        options=tuple(pages.Choice(form.options[i].id, form.options[i].text) for i in order),
        dont_know=DONT_KNOW,
        form_id=form.id,
        try_number=step.try_number,
        error=_("Choose an answer, or “I don’t know yet”") if missing else None,
        lesson_title=lesson.title,
        lesson_main=lesson.main,
        blocks=lesson_blocks(procedure, lesson),
        action=walker.url("answer", item_id=item_id),
        back_url=walker.url("lesson", number=number),
        stop_action=walker.url("stop"),
    )


def feedback_page(walker: CurrentAttempt, record: ItemRecord, response: Response) -> pages.FeedbackPage:
    procedure, item = walker.procedure, record.item
    lesson = procedure.lesson_of(item.id)
    fact = procedure.fact(item.fact)
    form = item.form(response.form_id) or item.forms[0]
    option = form.option(response.option_id) if response.option_id else None
    result = record.first_result if response.try_number == 1 else record.second_result
    block = lesson.block(item.block)
    step = walker.standing.step
    tries_again = step.kind is StepKind.QUESTION and step.item_id == item.id and walker.can_go_on
    number = procedure.lesson_number(lesson)
    return pages.FeedbackPage(
        lesson_number=number,
        of_total=len(procedure.lessons),
        question_number=lesson.items.index(item) + 1,
        question_total=len(lesson.items),
        verdict=_VERDICTS[result or Result.DONT_KNOW],
        stem=form.stem,
        chosen=option.text if option else None,
        leaflet_says=fact.text,
        explanation=option.feedback if option else item.dont_know,
        block=replace(_block(procedure, block), varies=False),  # said once, above
        varies=bool(fact.varies),
        tries_again=tries_again,
        next_url=url_after_feedback(walker),
        back_url=walker.url("lesson", number=number),
        stop_action=walker.url("stop"),
    )


_VERDICTS = {Result.RIGHT: "yes", Result.WRONG: "not-quite", Result.DONT_KNOW: "together"}


def pause_page(walker: CurrentAttempt) -> pages.PausePage:
    return pages.PausePage(
        lessons_done=walker.attempt.lessons_read,
        of_total=len(walker.procedure.lessons),
        visit_code=walker.visit_code,
        next_url=step_url(walker),
        back_url=walker.url("lesson", number=max(1, walker.attempt.lessons_read)),
        stop_action=walker.url("stop"),
    )


def prompts_page(walker: CurrentAttempt) -> pages.PromptsPage:
    return pages.PromptsPage(
        themes=tuple(
            pages.PromptTheme(theme.title, tuple(pages.Choice(p.id, p.text) for p in theme.prompts))
            for theme in walker.procedure.themes
        ),
        action=walker.url("finish"),
        back_url=walker.url("lesson", number=len(walker.procedure.lessons)),
        stop_action=walker.url("stop"),
    )


def summary_page(walker: CurrentAttempt) -> pages.SummaryPage:
    procedure = walker.procedure
    matched, going_over, to_talk = [], [], []
    for record in walker.standing.records:
        about = procedure.fact(record.item.fact).text
        if record.first_result is Result.RIGHT:
            matched.append(about)
        elif record.second_result is Result.RIGHT:
            going_over.append(about)
        else:
            to_talk.append(about)
    ticked = attempt_queries.prompts(db(), walker.attempt.id)
    return pages.SummaryPage(
        title=procedure.title,
        visit_code=walker.visit_code,
        qr=Markup(qr_svg(walker.visit_code).decode()),  # noqa: S704 - drawn by us, from a code of ours
        matched=tuple(matched),
        going_over=tuple(going_over),
        to_talk=tuple(to_talk),
        prompts=tuple(prompt.text for prompt in procedure.prompts() if prompt.id in ticked),
        sheet_days=current().settings.sheet_days,
        clear_action=url_for("site.clear"),
    )


def stopped_page(walker: CurrentAttempt) -> pages.StoppedPage:
    return pages.StoppedPage(
        visit_code=walker.visit_code,
        next_url=step_url(walker) if walker.can_go_on else None,
        sheet_days=current().settings.sheet_days,
        clear_action=url_for("site.clear"),
    )


def done_page() -> pages.DonePage:
    return pages.DonePage(start_url=url_for("site.index"))


def privacy_page() -> pages.PrivacyPage:
    settings = current().settings
    return pages.PrivacyPage(settings.sheet_days, settings.closed_days, settings.min_group)


def methods_page() -> pages.MethodsPage:
    return pages.MethodsPage(
        current().settings.min_group,
        ENOUGH_FOR_SHARES,
        ENOUGH_FOR_CORRELATIONS,
        _percent(CRITICAL_TOLERANCE),
        _percent(TOLERANCE),
        _percent(MANY_MISS),
        BASELINE,
    )


def _percent(share: float) -> str:
    return percent_words(round(100 * share))


def lesson_blocks(procedure: Procedure, lesson: Lesson) -> tuple[pages.LessonBlock, ...]:
    return tuple(_block(procedure, block) for block in lesson.blocks)


def _block(procedure: Procedure, block: Block) -> pages.LessonBlock:
    return pages.LessonBlock(
        id=block.id,
        heading=block.heading,
        html=Markup(block.html),  # noqa: S704 - rendered from Markdown with HTML switched off
        image=_image(procedure, block),
        varies=any(procedure.fact(fact).varies for fact in block.facts),
    )


def _image(procedure: Procedure, block: Block) -> pages.Image | None:
    file = drawing(f"{procedure.id}/{block.image}")
    return pages.Image(file.url, block.alt, *file.size) if file else None


def _back_to(walker: CurrentAttempt, number: int) -> str:
    return walker.url("code") if number == 1 else walker.url("lesson", number=number - 1)
