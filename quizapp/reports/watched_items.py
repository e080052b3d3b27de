"""Is a critical question missed more than before? Watched quarter by quarter, for as long as its words are the same."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from sqlalchemy.orm import Session

from quizapp.aggregation import tallies
from quizapp.content.editions import Editions
from quizapp.domain.procedure import Item
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
    newest_first = [editions.by_id(session, row.id) for row in reversed(rows[: rows.index(own) + 1])]
    edition = newest_first[0]
    critical = [item for item in edition.in_language(language).items() if item.critical]
    counts = tallies.first_choices(session, own.procedure, [item.id for item in critical])
    watched = len(critical) * len(edition.languages)
    found = []
    for code in sorted(edition.languages):
        missed: dict[str, dict[str, Share]] = defaultdict(lambda: defaultdict(lambda: Share(0, 0)))  # item -> quarter
        newest, unchanged = edition.in_language(code), {item.id for item in critical}
        for each in takewhile(lambda one: code in one.languages, newest_first):  # noqa: B023 - used up in this round
            procedure = each.in_language(code)
            unchanged &= same_items(procedure, newest)
            for item in procedure.items():
                chosen = counts.get((each.id, code, item.id), ()) if item.id in unchanged else ()
                for quarter, option, people in chosen:
                    missed[item.id][quarter] += Share(people if option != item.forms[0].key.id else 0, people)
        for item in critical:
            if item.id in missed:
                by_quarter = [missed[item.id][quarter] for quarter in quarters]
                alarm, has_begun = rising_misses.alarm(by_quarter, watched), rising_misses.rise(by_quarter) is not None
                since, until = (quarters[alarm.since], quarters[alarm.until]) if alarm else ("", "")
                whole = sum(by_quarter, Share(0, 0))
                found.append(WatchedItem(item, code, whole, has_begun, alarm, since, until))
    return Watch(tuple(found), rising_misses.false_alarms_expected(len(quarters)) if watched else 0.0)
