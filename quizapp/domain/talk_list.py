"""The talk list: the flags of a sheet, grouped by the beliefs behind them; and which items are asked again after it."""

from collections.abc import Iterable
from dataclasses import dataclass

from quizapp.domain.flags import Flag, Priority, seriousness
from quizapp.domain.grading import ItemRecord, Response
from quizapp.domain.procedure import Form, Item

MAX_CARDS = 5  # what a nurse can talk through in a few minutes
MAX_QUESTIONS = 3  # asked again in the room


@dataclass(frozen=True)
class Topic:
    """A flag and the tries that raised it."""

    flag: Flag
    record: ItemRecord

    @property
    def beliefs(self) -> tuple[str, ...]:
        """The misconceptions that were chosen, first try first; the key and "I don't know yet" have none."""
        tries = (self._belief(self.record.first), self._belief(self.record.second))
        return tuple(dict.fromkeys(belief for belief in tries if belief))

    def _belief(self, response: Response | None) -> str:
        if response is None or response.option_id is None:
            return ""
        form = self.record.item.form(response.form_id)
        option = form.option(response.option_id) if form else None
        return option.misconception if option else ""


@dataclass(frozen=True)
class TalkCard:
    """Topics that make one talk, most serious first. Its outcome applies to the flag of each."""

    topics: tuple[Topic, ...]

    @property
    def priority(self) -> Priority:
        return self.topics[0].flag.priority

    @property
    def beliefs(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(belief for topic in self.topics for belief in topic.beliefs))

    @property
    def item_ids(self) -> tuple[str, ...]:
        return tuple(topic.flag.item_id for topic in self.topics)


@dataclass(frozen=True)
class TalkList:
    """At most MAX_CARDS cards, most serious first; `also` holds the rest, shown on a line each."""

    cards: tuple[TalkCard, ...]
    also: tuple[TalkCard, ...]

    @property
    def all(self) -> tuple[TalkCard, ...]:
        return self.cards + self.also


def topics(flags: Iterable[Flag], records: Iterable[ItemRecord]) -> tuple[Topic, ...]:
    """Return each flag with its tries, most serious first, then in the order of the walk."""
    by_item = {flag.item_id: flag for flag in flags}
    found = (Topic(by_item[record.item.id], record) for record in records if record.item.id in by_item)
    return tuple(sorted(found, key=lambda topic: seriousness(topic.flag, topic.record)))


def talk_list(flags: Iterable[Flag], records: Iterable[ItemRecord]) -> TalkList:
    """Group a sheet's flags into cards, so that no belief is on two. Most serious first, then as in the walk."""
    found = topics(flags, records)
    groups: list[list[Topic]] = []
    for topic in found:
        same = [group for group in groups if any(set(known.beliefs) & set(topic.beliefs) for known in group)]
        groups = [group for group in groups if group not in same]
        groups.append([*(known for group in same for known in group), topic])
    for group in groups:
        group.sort(key=found.index)
    groups.sort(key=lambda group: found.index(group[0]))
    cards = tuple(TalkCard(tuple(group)) for group in groups)
    return TalkList(cards[:MAX_CARDS], cards[MAX_CARDS:])


@dataclass(frozen=True)
class RecheckQuestion:
    """An item that was missed, and the form in which it is asked again."""

    item: Item
    form: Form


def recheck_questions(records: Iterable[ItemRecord]) -> tuple[RecheckQuestion, ...]:
    """Return at most MAX_QUESTIONS missed items in the order given, each in a form that was not shown last.

    An item that was not reached was not missed; one with a single form cannot be asked in other words.
    """
    found = ((record.item, _other_form(record)) for record in records if record.is_missed)
    return tuple(RecheckQuestion(item, form) for item, form in found if form)[:MAX_QUESTIONS]


def _other_form(record: ItemRecord) -> Form | None:
    """Return a form that was not shown yet, or else one that was not shown last; None if there is none."""
    shown = [response.form_id for response in (record.first, record.second) if response]
    unseen = [form for form in record.item.forms if form.id not in shown]
    others = [form for form in record.item.forms if form.id != shown[-1]]
    return next(iter(unseen + others), None)
