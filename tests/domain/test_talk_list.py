"""The talk list: at most five cards, one for each belief."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.flags import Priority, flags_for
from quizapp.domain.grading import Certainty, Response, item_records
from quizapp.domain.talk_list import talk_list
from tests.builders import make_item, make_procedure


def own_beliefs(item):
    """The same item with misconceptions that no other item has."""
    forms = tuple(
        replace(
            form,
            options=tuple(
                replace(option, misconception=f"{item.id}-{option.id}") if option.misconception else option
                for option in form.options
            ),
        )
        for form in item.forms
    )
    return replace(item, forms=forms)


def procedure_of(*items):
    return make_procedure((tuple(items),))


def talked(procedure, **choices):
    """The talk list when the items named were answered like this, and the others not at all."""
    responses = [
        Response(
            item_id,
            number,
            procedure.item(item_id).form_for(number).id,
            option,
            Certainty.THINK if option else Certainty.NONE,
        )
        for item_id, options in choices.items()
        for number, option in enumerate(options, start=1)
    ]
    records = item_records(procedure, responses)
    return talk_list(flags_for(records), records)


def items_on(cards):
    return [card.item_ids for card in cards]


def test_it_puts_a_belief_that_shows_in_two_items_on_one_card():
    procedure = procedure_of(make_item("one"), make_item("two"), make_item("three"))
    talk = talked(procedure, one=("left",), two=("middle",), three=("left",))
    assert items_on(talk.cards) == [("one", "three"), ("two",)]
    assert talk.cards[0].beliefs == ("is-left",)


def test_it_joins_cards_when_one_item_shows_both_beliefs():
    procedure = procedure_of(make_item("one"), make_item("two"), make_item("three", critical=True))
    talk = talked(procedure, one=("left",), two=("middle",), three=("left", "middle"))
    assert items_on(talk.cards) == [("three", "one", "two")]
    assert talk.cards[0].priority is Priority.TALK_FIRST


def test_it_keeps_what_was_not_known_apart():
    procedure = procedure_of(make_item("one"), make_item("two"))
    talk = talked(procedure, one=(None,), two=(None,))
    assert items_on(talk.cards) == [("one",), ("two",)]
    assert talk.cards[0].beliefs == ()


def test_it_puts_the_most_serious_first_and_then_keeps_the_order_of_the_walk():
    items = [own_beliefs(make_item(name)) for name in ("one", "two")]
    items.append(own_beliefs(make_item("three", critical=True)))
    talk = talked(procedure_of(*items), one=(None,), two=("left",), three=("left", "left"))
    assert items_on(talk.cards) == [("three",), ("two",), ("one",)]


def test_it_leaves_what_comes_after_five_cards_for_a_line_each():
    names = ("one", "two", "three", "four", "five", "six", "seven")
    procedure = procedure_of(*(own_beliefs(make_item(name)) for name in names))
    talk = talked(procedure, **dict.fromkeys(names, ("left",)))
    assert items_on(talk.cards) == [(name,) for name in names[:5]]
    assert items_on(talk.also) == [("six",), ("seven",)]


def test_it_shows_the_beliefs_of_both_tries():
    talk = talked(procedure_of(make_item("one", critical=True)), one=("left", "middle"))
    assert talk.cards[0].beliefs == ("is-left", "is-middle")


def test_it_is_empty_when_all_was_right():
    talk = talked(procedure_of(make_item("one")), one=("right",))
    assert talk.all == ()


NAMES = tuple(f"item-{letter}" for letter in "abcdefgh")
TRIES = st.one_of(
    st.just(()),
    st.tuples(st.sampled_from(["left", "middle", "right", None])),
    st.tuples(st.sampled_from(["left", "middle", None]), st.sampled_from(["left", "middle", "right", None])),
)


@given(
    st.lists(st.sampled_from(["shared", "own"]), min_size=8, max_size=8),
    st.lists(TRIES, min_size=8, max_size=8),
)
def test_it_shows_each_flag_once_and_each_belief_on_one_card(kinds, tries):
    items = [
        make_item(name, critical=True) if kind == "shared" else own_beliefs(make_item(name, critical=True))
        for name, kind in zip(NAMES, kinds, strict=True)
    ]
    procedure = procedure_of(*items)
    choices = dict(zip(NAMES, tries, strict=True))
    talk = talked(procedure, **choices)
    shown = [item_id for card in talk.all for item_id in card.item_ids]
    flagged = {name for name, chosen in choices.items() if chosen[:1] != ("right",)}
    assert len(shown) == len(set(shown))
    assert set(shown) == flagged
    beliefs = [belief for card in talk.all for belief in card.beliefs]
    assert len(beliefs) == len(set(beliefs))
    assert [card.priority for card in talk.all] == sorted(card.priority for card in talk.all)
