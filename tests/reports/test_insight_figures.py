"""Insights from real attempts: what they say is what the rows would have said, edition by edition."""

import random
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from quizapp.content.editions import Editions, load_catalogue, make_edition
from quizapp.domain.procedure import Edition
from quizapp.reports.insights import find_insights
from quizapp.reports.query import Query
from quizapp.stats.proportions import Share
from tests.builders import keep_edition, make_item, make_procedure, make_test_edition, walk
from tests.conftest import PROCEDURES
from tests.fake_tallies import count_attempts, count_talks

EDITION = make_test_edition()
ITEMS = ("one", "two", "three", "four")
ASKED = Query("made-up")


def serving(edition: Edition = EDITION) -> Editions:
    """A program started with this edition: it knows older ones from the database alone."""
    return Editions(replace(load_catalogue(PROCEDURES), editions={edition.procedure_id: edition}))


@pytest.fixture(autouse=True)
def _kept(session):
    keep_edition(session, EDITION, date(2026, 1, 2))


def item(found, item_id):
    return next(one for one in found.items if one.item.id == item_id)


def test_it_says_what_eleven_patients_answered_and_that_one_more_waits(session):
    for number in range(12):
        missed = {"one": ("left", "right" if number < 2 else "middle")} if number < 4 else {}
        walk(session, EDITION, missed, sure=("one",) if number < 3 else (), min_group=11)
    found = find_insights(session, serving(), ASKED)
    assert (found.whole.n, found.waiting) == (11, 1)
    one = item(found, "one")
    assert (one.right, one.right_after, one.sure_and_wrong) == (Share(7, 11), Share(2, 4), Share(3, 11))
    top = found.held[0]
    assert (top.item.id, top.misconception, top.share) == ("one", "is-left", Share(4, 11))
    assert (top.sure, top.still_missed) == (3, 2)
    assert not any(held.stands_out for held in found.held)  # four of eleven is no evidence among eight beliefs
    # Four had 3 right, seven 4: (4 * 3 + 7 * 4) / 11.
    assert found.whole.mean == pytest.approx(40 / 11, abs=1e-12)
    assert (found.whole.alpha, found.whole.sd, one.discrimination) == (None, None, None)
    assert [(lesson.right, lesson.hardest.item.id) for lesson in found.lessons] == [
        (Share(18, 22), "one"),
        (Share(22, 22), "three"),
    ]


@pytest.mark.parametrize("seed", range(3))
def test_it_gives_exactly_what_the_rows_give(session, seed):
    chance = random.Random(seed)
    rows = []
    for _ in range(66):
        skill, choices = chance.random(), {}
        for place, item_id in enumerate(ITEMS):
            first = "right" if chance.random() < skill else chance.choice(["left", "middle", None])
            again = place % 2 == 0 and first != "right"
            choices[item_id] = (first, chance.choice(["left", "right", None])) if again else (first,)
        rows.append(choices)
        walk(session, EDITION, choices, min_group=11)
    found = find_insights(session, serving(), ASKED)
    marks = np.array([[choices[item_id][0] == "right" for item_id in ITEMS] for choices in rows], dtype=float)
    scores = marks.sum(axis=1)
    assert (found.whole.n, found.waiting) == (66, 0)
    assert found.whole.mean == pytest.approx(scores.mean(), abs=1e-12)
    assert found.whole.sd == pytest.approx(scores.std(ddof=1), abs=1e-12)
    alpha = 4 / 3 * (1 - marks.var(axis=0, ddof=1).sum() / scores.var(ddof=1))
    assert found.whole.alpha == pytest.approx(alpha, abs=1e-12)
    assert found.whole.sem == pytest.approx(scores.std(ddof=1) * np.sqrt(1 - alpha), abs=1e-12)
    for place, item_id in enumerate(ITEMS):
        one, rest = item(found, item_id), scores - marks[:, place]
        assert one.right == Share(int(marks[:, place].sum()), 66)
        assert one.discrimination == pytest.approx(np.corrcoef(marks[:, place], rest)[0, 1], abs=1e-12)
        assert one.dont_know.count == sum(choices[item_id][0] is None for choices in rows)
        assert one.right_after.count == sum(choices[item_id][1:] == ("right",) for choices in rows)
        for option in one.options:
            assert option.share.count == sum(choices[item_id][0] == option.option.id for choices in rows)


def test_it_counts_nobody_where_nothing_is_counted_yet(session):
    found = find_insights(session, serving(), ASKED)
    assert (found.whole.n, found.waiting, found.compared) == (0, 0, None)
    assert (found.held, found.concerns, found.talks) == ((), (), ())
    assert [one.right for one in found.items] == [Share(0, 0)] * 4
    assert (found.quarters, found.languages, found.watch.items) == ((), (), ())


def changed_edition() -> Edition:
    """Of the made-up items "two" is gone, "five" is new, and the key of "four" is called "on-the-right"."""
    first, second = make_procedure().lessons
    procedure = make_procedure(((first.items[0], make_item("five")), second.items))
    last = procedure.lessons[1].items[1]
    options = tuple(replace(o, id="on-the-right") if o.key else o for o in last.forms[0].options)
    renamed = replace(last, forms=(replace(last.forms[0], options=options),))
    lesson = replace(procedure.lessons[1], items=(procedure.lessons[1].items[0], renamed))
    return make_test_edition(replace(procedure, lessons=(procedure.lessons[0], lesson)))


def test_it_compares_editions_each_by_its_own_key_and_only_what_both_ask(session):
    later = changed_edition()
    keep_edition(session, later, date(2026, 6, 1))
    count_attempts(session, EDITION, "2026-Q1", 200, right={"one": 0.5, "two": 0.9, "three": 0.9, "four": 0.9})
    count_attempts(session, later, "2026-Q3", 200, right={"one": 0.9, "five": 0.9, "three": 0.9, "four": 0.9})
    found = find_insights(session, serving(later), ASKED)
    assert found.whole.n == 200
    by_item = found.compared.comparisons
    assert list(by_item) == ["one", "three", "four"]
    assert (found.compared.only_after, found.compared.only_before) == (1, 1)
    assert by_item["one"].above
    assert by_item["four"].own.count > 160  # its key has another name now, and is still the key
    assert by_item["four"].base.count > 160
    assert {change.stem for change in found.compared.changes} >= {"two, form a: where?", "five, form a: where?"}
    old = find_insights(session, serving(later), replace(ASKED, edition=EDITION.id))
    assert ([one.item.id for one in old.items], old.compared) == (["one", "two", "three", "four"], None)
    assert item(old, "one").right == by_item["one"].base


def test_it_compares_over_all_quarters_whatever_quarter_is_asked_for(session):
    later = changed_edition()
    keep_edition(session, later, date(2026, 6, 1))
    count_attempts(session, EDITION, "2026-Q1", 20)
    count_attempts(session, later, "2026-Q3", 30)
    count_attempts(session, later, "2026-Q4", 40)
    found = find_insights(session, serving(later), replace(ASKED, quarter="2026-Q3"))
    assert found.whole.n == 30
    assert [(one.own.n, one.base.n) for one in found.compared.comparisons.values()] == [(70, 20)] * 3
    assert found.quarters == ("2026-Q4", "2026-Q3", "2026-Q1")
    assert find_insights(session, serving(later), replace(ASKED, quarter="1999-Q1")).whole.n == 0


def test_it_compares_with_the_last_edition_that_has_answers_or_with_the_one_asked_for(session):
    between, later = make_test_edition(replace(make_procedure(), title="For a day")), changed_edition()
    keep_edition(session, between, date(2026, 5, 1))
    keep_edition(session, later, date(2026, 6, 1))
    assert find_insights(session, serving(later), ASKED).compared.before.id == between.id
    count_attempts(session, EDITION, "2026-Q1", 20)
    assert find_insights(session, serving(later), ASKED).compared.before.id == EDITION.id
    asked = replace(ASKED, edition=EDITION.id, beside=later.id)
    assert find_insights(session, serving(later), asked).compared.before.id == later.id


def in_two_languages(procedure) -> Edition:
    languages = {"en": procedure, "es": replace(procedure, language="es")}
    return make_edition(Edition("", procedure.id, "en", languages))


def test_it_takes_no_other_mix_of_languages_for_a_better_text(session):
    before, after = in_two_languages(make_procedure()), in_two_languages(replace(make_procedure(), title="Another"))
    keep_edition(session, before, date(2026, 5, 1))
    keep_edition(session, after, date(2026, 6, 1))
    for edition, english, spanish in ((before, 300, 30), (after, 30, 300)):
        count_attempts(session, edition, "2026-Q3", english, right=0.5, language="en")
        count_attempts(session, edition, "2026-Q3", spanish, right=0.95, language="es")
    found = find_insights(session, serving(after), ASKED)
    assert found.whole.n == 330
    assert not any(one.is_decided for one in found.compared.comparisons.values())
    assert [(one.own.n, one.base.n) for one in found.compared.comparisons.values()] == [(30, 300)] * 4
    assert list(found.by_language) == ["es"]
    assert {one.own.n for one in found.by_language["es"].values()} == {300}
    assert all(one.above for one in found.by_language["es"].values())
    part = find_insights(session, serving(after), replace(ASKED, quarter="2026-Q3")).by_language["es"]
    assert not any(one.is_decided for one in part.values())  # a part of the answers: no claims
    only = find_insights(session, serving(after), replace(ASKED, language="es"))
    assert (only.whole.n, only.compared.language) == (300, "es")
    assert [(one.own.n, one.base.n) for one in only.compared.comparisons.values()] == [(300, 30)] * 4


def test_it_knows_a_language_that_has_no_answers_but_none_that_is_not_there(session):
    edition = in_two_languages(make_procedure())
    keep_edition(session, edition, date(2026, 5, 1))
    count_attempts(session, edition, "2026-Q3", 30, language="en")
    empty = find_insights(session, serving(edition), replace(ASKED, language="es"))
    assert (empty.whole.n, empty.languages, empty.by_language) == (0, ("en", "es"), {})
    for unknown in (replace(ASKED, language="fr"), replace(ASKED, edition="0" * 16), replace(ASKED, beside="0" * 16)):
        with pytest.raises(LookupError):
            find_insights(session, serving(edition), unknown)
    with pytest.raises(LookupError):
        find_insights(session, serving(edition), replace(ASKED, beside=edition.id))


def test_it_counts_talks_and_no_talk_where_none_was_held(session):
    count_attempts(session, EDITION, "2026-Q3", 40)
    count_talks(session, EDITION, "2026-Q3", {"one": {"understood": 5, "not-talked": 90, "bad-question": 8}})
    found = find_insights(session, serving(), ASKED)
    [talks] = found.talks
    assert (talks.figures.item.id, talks.talked, talks.bad_question) == ("one", 13, Share(8, 13))
    [concern] = [concern for concern in found.concerns if concern.is_about_the_key]
    assert [reason for reason in concern.reasons if reason != "many-miss"] == ["nurses-say-bad"]


def test_it_names_doubtful_keys_before_lessons_to_rewrite_each_the_most_missed_first(session):
    count_attempts(session, EDITION, "2026-Q3", 300, right={"one": 0.6, "two": 0.95, "three": 0.5, "four": 0.1})
    found = find_insights(session, serving(), ASKED)
    assert [concern.evidence.figures.item.id for concern in found.concerns] == ["four", "three", "one"]
    assert [concern.is_about_the_key for concern in found.concerns] == [True, False, False]
    assert found.concerns[1].lesson.id == "lesson-2"


def alarms(found) -> dict[str, tuple[str, int]]:
    """Item -> since when it is missed more, and of how many before."""
    return {one.item.id: (one.since, one.alarm.before.n) for one in found.watch.items if one.alarm}


def test_it_watches_a_question_across_an_edition_that_did_not_change_it(session):
    later = changed_edition()  # "one" and "three" are critical and the same in both
    keep_edition(session, later, date(2026, 6, 1))
    usual = {"one": 0.95, "two": 0.95, "three": 0.95, "four": 0.95, "five": 0.95}
    count_attempts(session, EDITION, "2026-Q1", 200, right=usual)
    count_attempts(session, later, "2026-Q2", 200, right=usual)
    assert alarms(find_insights(session, serving(later), ASKED)) == {}
    count_attempts(session, later, "2026-Q3", 200, right=usual | {"three": 0.7})
    assert alarms(find_insights(session, serving(later), ASKED)) == {"three": ("2026-Q3", 400)}


def test_it_watches_a_question_afresh_after_its_block_was_changed(session):
    first, *others = make_procedure().lessons
    block = replace(first.blocks[0], text="Other words.", html="<p>Other words.</p>")
    changed = replace(make_procedure(), lessons=(replace(first, blocks=(block, *first.blocks[1:])), *others))
    later = make_test_edition(changed)
    keep_edition(session, later, date(2026, 6, 1))
    count_attempts(session, EDITION, "2026-Q1", 200, right=0.95)
    count_attempts(session, later, "2026-Q2", 200, right=0.7)
    found = find_insights(session, serving(later), ASKED)
    assert alarms(found) == {"three": ("2026-Q2", 200)}
    assert {one.item.id: one.missed.n for one in found.watch.items} == {"one": 200, "three": 400}
