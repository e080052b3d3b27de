"""What changed between two editions, word by word."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

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
    titles = {lesson.id: lesson.title for procedure in (before, after) for lesson in procedure.lessons}
    stems = {item.id: item.forms[0].stem for procedure in (before, after) for item in procedure.items()}
    changes = []
    for place in dict.fromkeys((*later, *earlier)):
        lesson_id, item_id, part = place[:3]
        old, new = earlier.get(place, ""), later.get(place, "")
        if old != new:
            changes.append(TextChange(titles[lesson_id], stems.get(item_id, ""), part, word_changes(old, new)))
    return tuple(changes)


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


# The ids of the lesson and of the item ("" if there is none), the part, then the ids of the form, option or block.
_Place = tuple[str, ...]


def _texts(procedure: Procedure) -> Iterator[tuple[_Place, str]]:
    for lesson in procedure.lessons:
        yield (lesson.id, "", "title"), lesson.title
        yield (lesson.id, "", "main"), lesson.main
        for block in lesson.blocks:
            yield (lesson.id, "", "block", block.id), ": ".join(filter(None, (block.heading, block.text)))
        for item in lesson.items:
            for form in item.forms:
                yield (lesson.id, item.id, "stem", form.id), form.stem
                for option in form.options:
                    mark = "✓ " if option.key else ""
                    yield (lesson.id, item.id, "option", form.id, option.id), f"{mark}{option.text}"
                    yield (lesson.id, item.id, "feedback", form.id, option.id), option.feedback
            yield (lesson.id, item.id, "dont-know"), item.dont_know
