"""`quizapp demo`: made-up attempts, stored through the same functions as real ones, to try things out.

Some questions are harder than others, and one wrong belief is common. Attempts of earlier quarters come from two
editions, the first with a sentence less, so that the insights have something to compare.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.aggregation import tallies
from quizapp.aggregation.cleanup import sweep
from quizapp.aggregation.release import count_batch
from quizapp.aggregation.tallies import GroupKey, quarter_of
from quizapp.config import Retention
from quizapp.content.editions import Editions, make_edition, store_edition
from quizapp.content.loading import render
from quizapp.db import Database
from quizapp.domain.grading import Certainty, Response
from quizapp.domain.outcomes import Outcome
from quizapp.domain.procedure import Edition, Procedure
from quizapp.domain.visit_codes import CodeKeys
from quizapp.models import Attempt, DatabaseFlag, EditionRow
from quizapp.patients import attempts
from quizapp.tally_models import TallyGroup

MAX_SHEETS = 200  # a clinic has no more at a time
ENOUGH_FOR_A_PAST = 100
EARLIER_DAYS, CHANGED_DAYS = 200, 100  # before today: when the earlier edition began, and when the present one did
# How likely a patient who takes everything in is right, by place of the item in the quiz.
EASE = (0.95, 0.93, 0.9, 0.94, 0.84, 0.92, 0.96, 0.9, 0.93, 0.88, 0.68, 0.9, 0.94, 0.91)
HARDER = 0.22  # how much less likely it is for one item, such as the one whose sentence is missing
EASY, EASIER_AT_RETRY = 0.9, 0.15  # below EASY, one wrong answer draws nearly everyone
BAD_ITEM = 9  # place of the item that made-up nurses find fault with
TELL_EVERY = 50  # attempts with sheets; those take longest


class NotEmpty(Exception):
    """The database has real attempts, which made-up ones must never mix with."""


def fill(
    database: Database,
    editions: Editions,
    keys: CodeKeys,
    retention: Retention,
    today: date,
    count: int,
    seed: int,
    rising: str = "",
    tell: Callable[[int], object] = lambda _made: None,
) -> int:
    """Make `count` attempts, the same ones for the same seed; return how many were made.

    The last few, at most MAX_SHEETS, are of the last days and have sheets; with ENOUGH_FOR_A_PAST or more the others
    were counted in earlier quarters. `rising`: the id of an item that the last ones miss more often than those before.
    `tell` is called now and then with how many are made so far.
    Raise NotEmpty if the database holds attempts that are not made up.
    """
    chance = random.Random(seed)  # noqa: S311 - made-up data, no secret
    with database.transaction() as session:
        _flag_as_demo(session)
    catalogue = [edition for _, edition in sorted(editions.catalogue.editions.items())]
    recent = count if count < ENOUGH_FOR_A_PAST else min(MAX_SHEETS, count // 2)
    past, left_over = divmod(count - recent, len(catalogue))
    counted = 0
    with database.transaction() as session:
        for place, edition in enumerate(catalogue if count > recent else ()):
            n = past + (place < left_over)
            for people in _count_past(session, edition, today, n, retention.min_group, seed):
                counted += people
                tell(counted)
        for number in range(recent):
            if number and number % TELL_EVERY == 0:
                tell(counted + number)
            day = today - timedelta(days=chance.randrange(min(10, retention.sheet_days)))
            _make_attempt(session, chance.choice(catalogue), keys, retention.min_group, day, chance, rising)
    sweep(database, editions, retention, today)
    return recent + counted


def _flag_as_demo(session: Session) -> None:
    if session.get(DatabaseFlag, "demo") is not None:
        return
    for column in (Attempt.id, TallyGroup.n):
        if session.scalar(select(column).limit(1)) is not None:
            raise NotEmpty(
                "This database has real attempts. Make the demo in another place: "
                "QUIZAPP_INSTANCE_PATH=demo-instance quizapp demo"
            )
    session.add(DatabaseFlag(name="demo"))


def _make_attempt(
    session: Session, edition: Edition, keys: CodeKeys, min_group: int, day: date, chance: random.Random, harder: str
) -> None:
    languages = sorted(edition.languages)
    language = chance.choices(languages, [4 if code == edition.source else 1 for code in languages])[0]
    procedure = edition.in_language(language)
    attempt, _ = attempts.begin(session, edition, language, keys, day)
    stops_after = chance.randrange(1, len(procedure.lessons)) if chance.random() < 0.08 else None
    responses = list(_responses(procedure, _ease(procedure, harder), chance))
    for number, lesson in enumerate(procedure.lessons, start=1):
        attempts.read_lesson(session, attempt, procedure, number, day)
        for item in lesson.items:
            for response in (each for each in responses if each.item_id == item.id):
                attempts.answer(session, attempt, procedure, response, day)
        if number == stops_after:
            attempts.stop(session, attempt, procedure, day)
            return
    prompts = [prompt.id for prompt in procedure.prompts() if chance.random() < 0.15]
    attempts.finish(session, attempt, procedure, prompts, day, min_group)


def _ease(procedure: Procedure, harder: str) -> dict[str, float]:
    """Return how easy each item is; `harder` is the id of one that is harder than usual."""
    return {
        item.id: EASE[place % len(EASE)] - (HARDER if item.id == harder else 0)
        for place, item in enumerate(procedure.items())
    }


def _responses(procedure: Procedure, ease: dict[str, float], chance: random.Random) -> Iterator[Response]:
    """Yield every answer of one made-up patient who finishes."""
    takes_most_in = chance.random() < 0.85
    skill = chance.betavariate(40, 1) if takes_most_in else chance.betavariate(6, 4)
    boldness, doubt = chance.betavariate(2, 2), chance.betavariate(1, 20)
    for item in procedure.items():
        for try_number in range(1, item.tries + 1):
            form = item.form_for(try_number)
            if chance.random() < doubt:
                yield Response(item.id, try_number, form.id, None, Certainty.NONE)
                continue
            chosen = form.key
            if chance.random() >= min(1.0, skill * ease[item.id] + EASIER_AT_RETRY * (try_number - 1)):
                distractors = [option for option in form.options if not option.key]
                steepness = 2.0 if ease[item.id] >= EASY else 6.0
                chosen = chance.choices(distractors, [steepness**-place for place in range(len(distractors))])[0]
            certainty = Certainty.SURE if chance.random() < boldness else Certainty.THINK
            yield Response(item.id, try_number, form.id, chosen.id, certainty)
            if chosen is form.key:
                break


# --- the past: tallies of earlier quarters ----------------------------------------------------------------------


def _count_past(
    session: Session, edition: Edition, today: date, count: int, min_group: int, seed: int
) -> Iterator[int]:
    """Count attempts in earlier quarters, half of them on an earlier edition; yield how many at each step."""
    chance = random.Random(seed)  # noqa: S311 - made-up data, no secret
    earlier, changed_item = _with_a_sentence_less(edition)
    first_day = today - timedelta(EARLIER_DAYS)
    store_edition(session, earlier, first_day)
    session.get_one(EditionRow, edition.id).first_day = today - timedelta(CHANGED_DAYS)
    for served, days, n in ((earlier, EARLIER_DAYS, count // 2), (edition, CHANGED_DAYS, count - count // 2)):
        quarter = quarter_of(today - timedelta(days))
        for language, people in _by_language(served, n, min_group):
            procedure = served.in_language(language)
            ease = _ease(procedure, changed_item if served is earlier else "")
            answers = [list(_responses(procedure, ease, chance)) for _ in range(people)]
            key = GroupKey(procedure.id, served.id, language)
            count_batch(session, procedure, quarter, key, min_group, answers)
            tallies.add_outcomes(session, quarter, key, _outcomes(procedure, answers, chance))
            yield people


def _by_language(edition: Edition, n: int, min_group: int) -> list[tuple[str, int]]:
    """Give every fifth attempt to each other language, if that is enough for a batch."""
    others = [(code, n // 5) for code in sorted(edition.languages) if code != edition.source and n // 5 >= min_group]
    rest = n - sum(people for _, people in others)
    return [(edition.source, rest), *others] if rest >= min_group else []


def _outcomes(procedure: Procedure, answers: list[list[Response]], chance: random.Random) -> Counter[tuple[str, str]]:
    """Count one made-up talk for every item missed at the first try, by item and outcome."""
    items = list(procedure.items())
    keys = {item.id: item.forms[0].key.id for item in items}
    bad = items[BAD_ITEM % len(items)].id
    usual = (Outcome.UNDERSTOOD, Outcome.STILL_UNCLEAR, Outcome.PHYSICIAN, Outcome.NOT_TALKED)
    counts: Counter[tuple[str, str]] = Counter()
    for response in chain.from_iterable(answers):
        if response.try_number == 1 and response.option_id != keys[response.item_id]:
            outcome = chance.choices(usual, (80, 6, 4, 10))[0]
            if response.item_id == bad and chance.random() < 0.3:
                outcome = Outcome.BAD_QUESTION
            counts[response.item_id, outcome.value] += 1
    return counts


def _with_a_sentence_less(edition: Edition) -> tuple[Edition, str]:
    """Return the edition without the last sentence of a block, and the critical item about that block; "" if none."""
    source = edition.in_language(edition.source)
    for lesson in source.lessons:
        for item in lesson.items:
            block = lesson.block(item.block)
            text, gap, _last = block.text.strip().rpartition(". ")
            if item.critical and gap:
                shorter = replace(block, text=f"{text}.", html=render(f"{text}."))
                blocks = tuple(shorter if each is block else each for each in lesson.blocks)
                changed = replace(lesson, blocks=blocks)
                lessons = tuple(changed if each is lesson else each for each in source.lessons)
                languages = edition.languages | {edition.source: replace(source, lessons=lessons)}
                return make_edition(replace(edition, id="", languages=languages)), item.id
    return edition, ""
