"""Is a critical question missed more than before? Watched quarter by quarter, for as long as its words are the same."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import takewhile

from sqlalchemy.orm import Session

from quizapp.aggregation import tallies
from quizapp.content.editions import Editions
from quizapp.domain.procedure import Edition, Item
from quizapp.models import EditionRow
from quizapp.reports.edition_comparison import same_items
from quizapp.stats import rising_misses
from quizapp.stats.proportions import Share
from quizapp.stats.rising_misses import Rise


@dataclass(frozen=True)
class WatchedItem:
    """A critical item in one language, and who missed it so far, in all editions in which it is the same.

    `has_begun`: whether there are enough answers before the last quarter. `alarm` is None if none is listed; `since`
    and `until` are its first and last quarter.
    """

    item: Item
    language: str
    missed: Share
    has_begun: bool
    alarm: Rise | None
    since: str
    until: str


@dataclass(frozen=True)
class Watch:
    """All watched items of an edition; of alarms, `expected` at most are listed by chance alone, on average."""

    items: tuple[WatchedItem, ...]
    expected: float

    @property
    def has_begun(self) -> bool:
        return any(one.has_begun for one in self.items)


def watch_items(
    session: Session,
    editions: Editions,
    rows: Sequence[EditionRow],
    own: EditionRow,
    quarters: Sequence[str],
    language: str,
) -> Watch:
    """Watch the critical items of the edition `own` in each of its languages; return those that have answers.

    `rows`: all editions, oldest first. `quarters`: all quarters with counts of the procedure, so that the alarms of an
    edition that is no longer served end, too. `language` is that of the words returned.
    """
    edition = editions.by_id(session, own.id)
    earlier = [editions.by_id(session, row.id) for row in reversed(rows[: rows.index(own)])]
    critical = [item for item in edition.in_language(language).items() if item.critical]
    counts = tallies.first_choices(session, own.procedure, [item.id for item in critical])
    watched = len(critical) * len(edition.languages)
    found = []
    for code in sorted(edition.languages):
        lineage = list(_lineage([edition, *earlier], code))
        for item in critical:
            n, missed = Counter[str](), Counter[str]()
            for each in takewhile(partial(_has_same, item.id), lineage):
                for quarter, option, people in counts.get((each.edition, code, item.id), ()):
                    n[quarter] += people
                    missed[quarter] += people if option != each.keys[item.id] else 0
            if n:
                by_quarter = [Share(missed[quarter], n[quarter]) for quarter in quarters]
                found.append(_watched_item(item, code, quarters, by_quarter, watched))
    return Watch(tuple(found), rising_misses.false_alarms_expected(len(quarters)) if watched else 0.0)


@dataclass(frozen=True)
class _Ancestor:
    """An edition, its items that are the `same` as in the newest one, and their keys."""

    edition: str
    same: Collection[str]
    keys: Mapping[str, str]


def _lineage(newest_first: Sequence[Edition], language: str) -> Iterator[_Ancestor]:
    """Yield the editions back to the last one without the language."""
    newest = newest_first[0].in_language(language)
    for edition in takewhile(lambda one: language in one.languages, newest_first):
        procedure = edition.in_language(language)
        keys = {item.id: item.forms[0].key.id for item in procedure.items()}
        yield _Ancestor(edition.id, same_items(procedure, newest), keys)


def _has_same(item_id: str, ancestor: _Ancestor) -> bool:
    return item_id in ancestor.same


def _watched_item(
    item: Item, language: str, quarters: Sequence[str], by_quarter: Sequence[Share], watched: int
) -> WatchedItem:
    alarm = rising_misses.alarm(by_quarter, watched)
    return WatchedItem(
        item=item,
        language=language,
        missed=sum(by_quarter, Share(0, 0)),
        has_begun=rising_misses.rise(by_quarter) is not None,
        alarm=alarm,
        since=quarters[alarm.since] if alarm else "",
        until=quarters[alarm.until] if alarm else "",
    )
