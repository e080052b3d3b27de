"""What changed between two editions, word by word."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from quizapp.domain.procedure import Procedure


@dataclass(frozen=True)
class Piece:
    """Some words that are in both texts ("same"), only in the earlier ("gone"), or only in the later ("new")."""

    kind: str
    text: str


@dataclass(frozen=True)
class TextChange:
    """One changed text of a lesson or item. `stem` is the item's; "" for a lesson's texts.

    `part`: "title", "main", "block", "stem", "option", "feedback" or "dont-know".
    """

    lesson_title: str
    stem: str
    part: str
    pieces: tuple[Piece, ...]


def text_changes(before: Procedure, after: Procedure) -> tuple[TextChange, ...]:
    """Return every text that patients see in lessons and items and that differs, in the later edition's order.

    A lesson or item that is only in one edition has all its texts gone or new. The key has a ✓ before it, so that
    another key shows too.
    """
    earlier, later = dict(_texts(before)), dict(_texts(after))
    places = [*later, *(place for place in earlier if place not in later)]
    titles = {lesson.id: lesson.title for procedure in (before, after) for lesson in procedure.lessons}
    stems = {item.id: item.forms[0].stem for procedure in (before, after) for item in procedure.items()}
    return tuple(
        TextChange(titles[place.lesson_id], stems.get(place.item_id, ""), place.part, word_changes(old, new))
        for place in places
        if (old := earlier.get(place, "")) != (new := later.get(place, ""))
    )


def word_changes(before: str, after: str) -> tuple[Piece, ...]:
    """Return the later text with removed and added words, in reading order; join the pieces with spaces."""
    old, new = before.split(), after.split()
    pieces: list[Piece] = []
    for kind, old_start, old_end, new_start, new_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal" and old_end > old_start:
            pieces.append(Piece("gone", " ".join(old[old_start:old_end])))
        if new_end > new_start:
            pieces.append(Piece("same" if kind == "equal" else "new", " ".join(new[new_start:new_end])))
    return tuple(pieces)


class _Place(NamedTuple):
    """`item_id`, `form_id` and `id` (of a block or option) are "" if there is none."""

    lesson_id: str
    item_id: str
    part: str
    form_id: str = ""
    id: str = ""


def _texts(procedure: Procedure) -> Iterator[tuple[_Place, str]]:
    for lesson in procedure.lessons:
        yield _Place(lesson.id, "", "title"), lesson.title
        yield _Place(lesson.id, "", "main"), lesson.main
        for block in lesson.blocks:
            yield _Place(lesson.id, "", "block", id=block.id), ": ".join(filter(None, (block.heading, block.text)))
        for item in lesson.items:
            for form in item.forms:
                yield _Place(lesson.id, item.id, "stem", form.id), form.stem
                for option in form.options:
                    mark = "✓ " if option.key else ""
                    yield _Place(lesson.id, item.id, "option", form.id, option.id), f"{mark}{option.text}"
                    yield _Place(lesson.id, item.id, "feedback", form.id, option.id), option.feedback
            yield _Place(lesson.id, item.id, "dont-know"), item.dont_know
