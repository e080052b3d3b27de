"""The insights page as values: every figure in words, and the bars beside them."""

from dataclasses import dataclass

from quizapp.domain.text_diff import Piece
from quizapp.reports.charts import Bar, BarRow
from quizapp.reports.insight_figures import Asked

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class StandsOut:
    """A belief that surely too many hold."""

    belief: str
    is_critical: bool
    sentence: str
    bar: Bar
    stem: str
    item_id: str


@dataclass(frozen=True)
class DoubtRow:
    advice: str
    reasons: tuple[str, ...]
    stem: str
    item_id: str


@dataclass(frozen=True)
class OptionRow:
    text: str
    is_key: bool
    value: str
    sure: str
    bar: Bar


@dataclass(frozen=True)
class ItemRow:
    """One question's figures in words, and its options."""

    item_id: str
    stem: str
    lesson: str
    is_critical: bool
    n: str
    right: str
    right_after: str
    dont_know: str
    sure_and_wrong: str
    discrimination: str
    right_in_full: str
    options: tuple[OptionRow, ...]


@dataclass(frozen=True)
class BeliefRow:
    name: str
    chosen: str
    stems: tuple[str, ...]


@dataclass(frozen=True)
class LessonRow:
    title: str
    right: str
    hardest: str


@dataclass(frozen=True)
class ComparisonRow:
    stem: str
    own: str
    base: str
    difference: str
    verdict: str


@dataclass(frozen=True)
class Compared:
    """Two groups beside each other: the verdicts in sentences, then every row. `chance`: what explains some, or ""."""

    own: str
    base: str
    better: tuple[ComparisonRow, ...]
    worse: tuple[ComparisonRow, ...]
    rest: str
    chance: str
    rows: tuple[ComparisonRow, ...]


@dataclass(frozen=True)
class ChangeRow:
    place: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class EditionsTable:
    """`sides` says what stands beside what; `only_one` what cannot be compared, else ""."""

    sides: str
    only_one: str
    compared: Compared
    changes_language: str
    changes: tuple[ChangeRow, ...]


@dataclass(frozen=True)
class TalkRow:
    stem: str
    talks: str
    outcomes: tuple[str, ...]


@dataclass(frozen=True)
class WatchRow:
    stem: str
    language: str
    sentence: str


@dataclass(frozen=True)
class WholeQuizRow:
    """A dash where a figure is not shown."""

    mean: str
    deviation: str
    alpha: str
    standard_error: str


@dataclass(frozen=True)
class Choices:
    """What the page can be asked for, and what it was; `is_narrowed` where that is not simply everything."""

    asked: Asked
    is_narrowed: bool
    procedures: Pairs
    editions: Pairs
    others: Pairs
    quarters: tuple[str, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True)
class InsightsPage:
    """`calm` is said where nothing stands out; `few` is why figures are missing, else "". `waiting`: how many are not
    counted yet and why, else "". `no_alarm` is said where there is none; `watched` is empty before any watch has begun.

    `elsewhere` is an edition that has answers where this one has none, else "".
    """

    title: str
    edition_day: str
    choices: Choices
    n: int
    n_words: str
    waiting: str
    min_group: int
    elsewhere: str
    elsewhere_words: str
    stands_out: tuple[StandsOut, ...]
    calm: str
    doubts: tuple[DoubtRow, ...]
    few: tuple[str, ...]
    right_bars: tuple[BarRow, ...]
    items: tuple[ItemRow, ...]
    beliefs: tuple[BeliefRow, ...]
    lesson_bars: tuple[BarRow, ...]
    lessons: tuple[LessonRow, ...]
    by_language: tuple[Compared, ...]
    editions: EditionsTable | None
    outcome_labels: tuple[str, ...]
    talks: tuple[TalkRow, ...]
    alarms: tuple[WatchRow, ...]
    no_alarm: str
    watched: tuple[WatchRow, ...]
    watched_questions: int
    whole: WholeQuizRow
    question_count: int
    methods_url: str
