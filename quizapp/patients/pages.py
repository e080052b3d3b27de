"""What each page of the walk shows: one frozen dataclass a page. Templates print them and decide nothing."""

from dataclasses import dataclass

from markupsafe import Markup


@dataclass(frozen=True)
class Way:
    """A link that leads on."""

    label: str
    url: str


@dataclass(frozen=True)
class Choice:
    """An option or a prompt that can be chosen."""

    id: str
    text: str


@dataclass(frozen=True)
class Image:
    """A drawing, with the size that keeps its place while it loads."""

    url: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True)
class LessonBlock:
    """A part of a lesson. `image` is None where there is no drawing."""

    id: str
    heading: str
    html: Markup
    image: Image | None
    varies: bool


@dataclass(frozen=True)
class TermLine:
    term: str
    meaning: str


@dataclass(frozen=True)
class PromptTheme:
    title: str
    prompts: tuple[Choice, ...]


@dataclass(frozen=True)
class ProcedureWay:
    """The way to a procedure, in a language that it has."""

    label: str
    url: str
    language: str


@dataclass(frozen=True)
class ChoosePage:
    """Several procedures: which one?"""

    procedures: tuple[ProcedureWay, ...]


@dataclass(frozen=True)
class StartPage:
    """`resume_url` is None where nothing was begun on this device."""

    title: str
    short: str
    about: tuple[str, ...]
    minutes: int
    lessons: int
    sheet_days: int
    resume_url: str | None
    action: str


@dataclass(frozen=True)
class CodePage:
    visit_code: str
    next_url: str
    stop_action: str


@dataclass(frozen=True)
class LessonPage:
    number: int
    of_total: int
    title: str
    main: str
    blocks: tuple[LessonBlock, ...]
    terms: tuple[TermLine, ...]
    action: str
    back_url: str
    stop_action: str


@dataclass(frozen=True)
class QuestionPage:
    """`error` is None unless something is missing. `chosen` is what was picked before an error, or ""."""

    lesson_number: int
    of_total: int
    question_number: int
    question_total: int
    stem: str
    options: tuple[Choice, ...]
    dont_know: str
    form_id: str
    try_number: int
    error: str | None
    lesson_title: str
    lesson_main: str
    blocks: tuple[LessonBlock, ...]
    action: str
    back_url: str
    stop_action: str
    chosen: str = ""


@dataclass(frozen=True)
class FeedbackPage:
    """`verdict` is "yes", "not-quite" or "together". `chosen` is None for "I don't know yet"."""

    lesson_number: int
    of_total: int
    question_number: int
    question_total: int
    verdict: str
    stem: str
    chosen: str | None
    leaflet_says: str
    explanation: str
    block: LessonBlock
    varies: bool
    tries_again: bool
    next_url: str
    back_url: str
    stop_action: str


@dataclass(frozen=True)
class PausePage:
    lessons_done: int
    of_total: int
    visit_code: str
    next_url: str
    back_url: str
    stop_action: str


@dataclass(frozen=True)
class PromptsPage:
    """`ticked`: what was ticked before an error."""

    themes: tuple[PromptTheme, ...]
    action: str
    back_url: str
    stop_action: str
    ticked: tuple[str, ...] = ()


@dataclass(frozen=True)
class SummaryPage:
    """`qr` holds the visit code, for the nurse's scanner."""

    title: str
    visit_code: str
    qr: Markup
    matched: tuple[str, ...]
    going_over: tuple[str, ...]
    to_talk: tuple[str, ...]
    prompts: tuple[str, ...]
    sheet_days: int
    clear_action: str


@dataclass(frozen=True)
class StoppedPage:
    """`next_url` is None once a nurse has gone over the answers."""

    visit_code: str
    next_url: str | None
    sheet_days: int
    clear_action: str


@dataclass(frozen=True)
class DonePage:
    start_url: str


@dataclass(frozen=True)
class PrivacyPage:
    sheet_days: int
    closed_days: int
    min_group: int


@dataclass(frozen=True)
class MethodsPage:
    """The thresholds that the figures go by; shares as text with their sign."""

    min_group: int
    enough_for_shares: int
    enough_for_correlations: int
    critical_tolerance: str
    tolerance: str
    many_miss: str
    baseline: int


@dataclass(frozen=True)
class ErrorPage:
    """`error_id` is None where there is nothing to find in the log.

    `again_action` with `again_fields` sends the same form once more; None where that would not help.
    """

    status: int
    heading: str
    text: str
    ways: tuple[Way, ...]
    error_id: str | None
    again_action: str | None = None
    again_fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class InvitationPage:
    """`is_open` is False once the attempt is finished."""

    title: str
    action: str
    is_open: bool


@dataclass(frozen=True)
class StillTherePage:
    """The question on a shared tablet; after `seconds` the page goes on to `forget_url` by itself."""

    return_path: str
    forget_url: str
    seconds: int
