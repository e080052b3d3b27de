"""What the pages about one sheet show. Templates print them and decide nothing."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """Content in the nurse's language; `read` is what the patient read in theirs, None if the same."""

    text: str
    read: str | None = None


@dataclass(frozen=True)
class OptionView:
    words: Words
    is_chosen: bool
    is_key: bool


@dataclass(frozen=True)
class TryView:
    """One try as the patient saw it, options in the order shown. `chosen` is None for "I don't know yet"."""

    label: str
    stem: Words
    options: tuple[OptionView, ...]
    chosen: Words | None
    how_sure: str
    matched: bool


@dataclass(frozen=True)
class QuestionView:
    """An item and its tries, among them the one in the room; none where it was not reached."""

    topic: str
    flag_label: str
    tries: tuple[TryView, ...]


@dataclass(frozen=True)
class FactView:
    """What the leaflet says. `varies` and `local` (how it is done here) may be "": they are in the source language."""

    words: Words
    varies: str
    local: str
    source_language: str


@dataclass(frozen=True)
class ReviewLine:
    outcome: str
    staff_name: str
    day: str


@dataclass(frozen=True)
class BeliefView:
    """`tried`: at which try it was chosen, where a card has two beliefs about one question; else ""."""

    words: Words
    tried: str


@dataclass(frozen=True)
class CardView:
    """One talk. `number` counts from 1; `field` is the name that its outcome is sent under.

    `chosen`: the outcome that was chosen before an error, or "". `is_open`: the sheet cannot be closed without its
    outcome; `is_marked`: it says so, because closing was just tried.
    """

    number: int
    priority: str
    priority_label: str
    topics: tuple[str, ...]
    teach_back: tuple[Words, ...]
    beliefs: tuple[BeliefView, ...]
    facts: tuple[FactView, ...]
    questions: tuple[QuestionView, ...]
    was_asked: bool
    reviews: tuple[ReviewLine, ...]
    field: str
    is_open: bool
    chosen: str = ""
    is_marked: bool = False


@dataclass(frozen=True)
class OutcomeChoice:
    """`key` is the key that chooses it."""

    code: str
    label: str
    key: str


@dataclass(frozen=True)
class PromptLine:
    theme: str
    words: Words


@dataclass(frozen=True)
class FlagHelp:
    label: str
    meaning: str


@dataclass(frozen=True)
class RecheckView:
    """`waiting`: questions not asked yet; `impossible`: something was missed, but has no other wording."""

    waiting: int
    asked: int
    impossible: bool
    action: str


@dataclass(frozen=True)
class SheetFacts:
    """What stands at the head of every page about a sheet. `stopped_at` and `closed`: None if not so.

    `kept_until`: the day on which it is deleted, for paper; "" on the screen, which counts the days.
    """

    procedure: str
    ended: str
    days_left: int
    kept_until: str
    stopped_at: int | None
    closed: str | None
    for_physician: bool
    read_language: str | None
    read_code: str


@dataclass(frozen=True)
class Unfinished:
    """What was saved did not close the sheet: a sentence, and where the first topic stands that lacks an outcome."""

    sentence: str
    first_url: str


@dataclass(frozen=True)
class SheetPage:
    """`notice`: what has just happened, or None. `other_sheet_url`: the sheet of another code typed here.

    `unfinished`: None unless closing has just failed for want of outcomes; it takes the place of the notice.
    """

    facts: SheetFacts
    is_unlocked: bool
    notice: str | None
    unfinished: Unfinished | None
    other_sheet_url: str | None
    code_words: str
    code_action: str
    action: str
    cards: tuple[CardView, ...]
    also: tuple[CardView, ...]
    outcomes: tuple[OutcomeChoice, ...]
    prompts: tuple[PromptLine, ...]
    others: tuple[QuestionView, ...]
    recheck: RecheckView
    flag_help: tuple[FlagHelp, ...]
    queue_url: str
    print_url: str
    record_url: str


@dataclass(frozen=True)
class PrintPage:
    """The sheet on paper, for the chart."""

    facts: SheetFacts
    is_unlocked: bool
    printed: str
    cards: tuple[CardView, ...]
    outcomes: tuple[OutcomeChoice, ...]
    prompts: tuple[PromptLine, ...]
    back_url: str


@dataclass(frozen=True)
class RecordPage:
    """Plain text to copy into a patient's record."""

    text: str
    lines: int
    back_url: str
