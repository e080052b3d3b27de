"""What changed between two editions, in words."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.text_diff import Piece, text_changes, word_changes
from tests.builders import make_procedure

WORDS = st.lists(st.sampled_from(["the", "pump", "is", "small", "not", "in", "you"]), max_size=12).map(" ".join)


def test_it_shows_what_went_and_what_came():
    assert word_changes("The pump is small.", "The pump is about as big as a puck.") == (
        Piece("same", "The pump is"),
        Piece("gone", "small."),
        Piece("new", "about as big as a puck."),
    )


@given(WORDS, WORDS)
def test_it_holds_both_texts_whole(before: str, after: str) -> None:
    pieces = word_changes(before, after)
    assert " ".join(piece.text for piece in pieces if piece.kind != "gone").split() == after.split()
    assert " ".join(piece.text for piece in pieces if piece.kind != "new").split() == before.split()


def test_it_finds_the_one_block_that_changed():
    before = make_procedure()
    lesson = before.lessons[0]
    block = replace(lesson.blocks[0], text="On the far right.")
    after = replace(before, lessons=(replace(lesson, blocks=(block,)), *before.lessons[1:]))
    [change] = text_changes(before, after)
    assert (change.lesson_title, change.stem, change.part) == ("Lesson number 1", "", "block")
    assert Piece("new", "far") in change.pieces


def test_it_sets_a_block_s_heading_apart_from_its_text():
    before = make_procedure()
    lesson = before.lessons[0]
    block = replace(lesson.blocks[0], heading="Where it is", text="On the far right.")
    after = replace(before, lessons=(replace(lesson, blocks=(block,)), *before.lessons[1:]))
    [change] = text_changes(before, after)
    later = " ".join(piece.text for piece in change.pieces if piece.kind != "gone")
    assert later == "Where it is: On the far right."
    bare = replace(before, lessons=(replace(lesson, blocks=(replace(block, heading=""),)), *before.lessons[1:]))
    pieces = text_changes(before, bare)[0].pieces
    assert " ".join(piece.text for piece in pieces if piece.kind != "gone") == "On the far right."


def test_it_finds_nothing_between_an_edition_and_itself():
    assert text_changes(make_procedure(), make_procedure()) == ()


def test_it_shows_an_item_that_is_gone():
    before = make_procedure()
    shorter = replace(before.lessons[0], items=before.lessons[0].items[:1])
    changes = text_changes(before, replace(before, lessons=(shorter, *before.lessons[1:])))
    assert {change.stem for change in changes} == {"two, form a: where?"}
    assert all(piece.kind == "gone" for change in changes for piece in change.pieces)


def test_it_shows_that_another_option_is_the_key_though_no_word_changed():
    before = make_procedure()
    item = before.lessons[0].items[1]
    turned = tuple(replace(option, key=option.id == "left") for option in item.forms[0].options)
    changed = replace(item, forms=(replace(item.forms[0], options=turned),))
    lesson = replace(before.lessons[0], items=(before.lessons[0].items[0], changed))
    changes = text_changes(before, replace(before, lessons=(lesson, *before.lessons[1:])))
    assert [(change.part, change.pieces) for change in changes] == [
        ("option", (Piece("new", "✓"), Piece("same", "On the left"))),
        ("option", (Piece("gone", "✓"), Piece("same", "On the right"))),
    ]


def test_it_shows_a_new_wording_of_the_question_under_its_new_wording():
    before = make_procedure()
    item = before.lessons[0].items[1]
    changed = replace(item, forms=(replace(item.forms[0], stem="Two: on which side?"),))
    lesson = replace(before.lessons[0], items=(before.lessons[0].items[0], changed))
    [change] = text_changes(before, replace(before, lessons=(lesson, *before.lessons[1:])))
    assert (change.stem, change.part) == ("Two: on which side?", "stem")
