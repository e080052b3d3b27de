"""What changed between two editions, word by word, so that a reader sees it at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from quizapp.domain.items import Item, Lesson, Procedure


@dataclass(frozen=True)
class Piece:
    """Some words that are in both texts ("same"), only in the earlier ("gone"), or only in the later ("new")."""

    kind: str
    text: str


@dataclass(frozen=True)
class TextChange:
    """One text of a lesson or item that is not what it was; `item_id` is "" for a lesson's own texts."""

    lesson_title: str
    item_id: str
    place: str
    pieces: tuple[Piece, ...]


def text_changes(before: Procedure, after: Procedure) -> tuple[TextChange, ...]:
    """Every text that patients see in lessons and items and that differs, in the later edition's order.

    `place` is a block's id, or the form and part of an item: "a stem", "a option left", "a feedback left". A lesson or
    item that is only in one edition has all its texts gone or new.
    """
    earlier, later = dict(_texts(before)), dict(_texts(after))
    places = [*later, *(place for place in earlier if place not in later)]
    titles = {lesson.id: lesson.title for procedure in (before, after) for lesson in procedure.lessons}
    return tuple(
        TextChange(titles[lesson_id], item_id, place, word_changes(old, new))
        for lesson_id, item_id, place in places
        if (old := earlier.get((lesson_id, item_id, place), "")) != (new := later.get((lesson_id, item_id, place), ""))
    )


def word_changes(before: str, after: str) -> tuple[Piece, ...]:
    """The later text with what went and what came, in reading order; a space belongs between two pieces."""
    old, new = before.split(), after.split()
    pieces: list[Piece] = []
    for kind, old_start, old_end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", " ".join(new[new_start:new_end])))
            continue
        if old_end > old_start:
            pieces.append(Piece("gone", " ".join(old[old_start:old_end])))
        if new_end > new_start:
            pieces.append(Piece("new", " ".join(new[new_start:new_end])))
    return tuple(pieces)


Place = tuple[str, str, str]


def _texts(procedure: Procedure) -> Iterator[tuple[Place, str]]:
    for lesson in procedure.lessons:
        yield from _lesson_texts(lesson)
        for item in lesson.items:
            for place, text in _item_texts(item):
                yield (lesson.id, item.id, place), text


def _lesson_texts(lesson: Lesson) -> Iterator[tuple[Place, str]]:
    yield (lesson.id, "", "title"), lesson.title
    for block in lesson.blocks:
        yield (lesson.id, "", block.id), f"{block.heading} {block.text}".strip()


def _item_texts(item: Item) -> Iterator[tuple[str, str]]:
    for form in item.forms:
        yield f"{form.id} stem", form.stem
        for option in form.options:
            yield f"{form.id} option {option.id}", option.text
            yield f"{form.id} feedback {option.id}", option.feedback
    yield "don't know", item.dont_know
