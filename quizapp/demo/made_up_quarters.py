"""The made-up past of a demo: attempts counted in earlier quarters, partly on an edition with a sentence less."""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from quizapp.aggregation import tally_writes
from quizapp.aggregation.release import count_batch
from quizapp.aggregation.tally_writes import GroupKey
from quizapp.content import stored_editions
from quizapp.content.catalogue import make_edition, to_snapshot
from quizapp.content.loading import render
from quizapp.demo.made_up_walks import all_responses, ease_of_items
from quizapp.domain.grading import Response
from quizapp.domain.outcomes import Outcome
from quizapp.domain.procedure import Block, Edition, Item, Lesson, Procedure
from quizapp.domain.response_cells import quarter_of
from quizapp.models import EditionRow

HARDER = 0.22  # how much less likely an answer was right while its sentence was missing
EARLIER_DAYS, CHANGED_DAYS = 200, 100  # before today: when the earlier edition began, and when the present one did
BAD_ITEM = 9  # place of the item that made-up nurses find fault with


def make_history(session: Session, edition: Edition, today: date, count: int, min_group: int, seed: int) -> int:
    """Count attempts of earlier quarters, the first half on an earlier edition; how many of `count` made batches."""
    chance = random.Random(seed)  # noqa: S311 - made-up data, no secret
    earlier, changed_item = _with_a_sentence_less(edition)
    stored_editions.keep(
        session, earlier.id, earlier.procedure_id, to_snapshot(earlier), today - timedelta(EARLIER_DAYS)
    )
    present = session.get_one(EditionRow, edition.id)
    present.first_day = today - timedelta(CHANGED_DAYS)
    made = 0
    for served, days, n in ((earlier, EARLIER_DAYS, count // 2), (edition, CHANGED_DAYS, count - count // 2)):
        day = today - timedelta(days)
        for language, people in _by_language(served, n, min_group):
            procedure = served.in_language(language)
            ease = ease_of_items(procedure)
            if served is earlier and changed_item:
                ease[changed_item] -= HARDER
            answers = [list(all_responses(procedure, ease, chance)) for _ in range(people)]
            key, quarter = GroupKey(procedure.id, served.id, language), quarter_of(day.year, day.month)
            count_batch(session, procedure, quarter, key, min_group, answers)
            tally_writes.add_outcomes(session, quarter, key, _talks(procedure, answers, chance))
            made += people
    return made


def _by_language(edition: Edition, n: int, min_group: int) -> list[tuple[str, int]]:
    """Every fifth in each other language, where that is enough to be counted."""
    others = [(code, n // 5) for code in sorted(edition.languages) if code != edition.source and n // 5 >= min_group]
    rest = n - sum(people for _, people in others)
    return [(edition.source, rest), *others] if rest >= min_group else []


def _talks(
    procedure: Procedure, answers: Iterable[Iterable[Response]], chance: random.Random
) -> Counter[tuple[str, str]]:
    """Made-up outcomes: one talk for every missed item."""
    items = list(procedure.items())
    keys = {item.id: item.forms[0].key.id for item in items}
    bad = items[BAD_ITEM % len(items)].id
    found: Counter[tuple[str, str]] = Counter()
    for responses in answers:
        for one in responses:
            if one.try_number == 1 and one.option_id != keys[one.item_id]:
                usual = (Outcome.UNDERSTOOD, Outcome.STILL_UNCLEAR, Outcome.PHYSICIAN, Outcome.NOT_TALKED)
                outcome = chance.choices(usual, (80, 6, 4, 10))[0]
                if one.item_id == bad and chance.random() < 0.3:
                    outcome = Outcome.BAD_QUESTION
                found[one.item_id, outcome.value] += 1
    return found


def _with_a_sentence_less(edition: Edition) -> tuple[Edition, str]:
    """The edition without the last sentence of the block that its first such critical item is about; "" if none."""
    source = edition.in_language(edition.source)
    for lesson in source.lessons:
        for item in lesson.items:
            if item.critical and _shorter(lesson.block(item.block)) is not None:
                languages = {code: _shortened(one, lesson, item) for code, one in edition.languages.items()}
                return make_edition(replace(edition, id="", languages=languages)), item.id
    return edition, ""


def _shortened(procedure: Procedure, of: Lesson, item: Item) -> Procedure:
    lessons = []
    for lesson in procedure.lessons:
        blocks = tuple(
            (_shorter(block) or block) if (lesson.id, block.id) == (of.id, item.block) else block
            for block in lesson.blocks
        )
        lessons.append(replace(lesson, blocks=blocks))
    return replace(procedure, lessons=tuple(lessons))


def _shorter(block: Block) -> Block | None:
    """Without its last sentence; None where it is one sentence."""
    text, gap, _last = block.text.strip().rpartition(". ")
    return replace(block, text=f"{text}.", html=render(f"{text}.")) if gap else None
