"""Rules on what is there: files that load, ids, facts taught and tested, options with their beliefs and drawings."""

from collections.abc import Iterator

from quizapp.content.checks.checked_procedure import Course, Finding
from quizapp.content.loading import Broken
from quizapp.content.skeletons import BLANK
from quizapp.content.toml_positions import Place

_MENDS = {
    "loads": "Until then the procedure is not served",
    "references": "Write the id of something that is there",
    "one-key": "Give key = true to the one right option",
    "unique-ids": "Choose an id that was never used: answers are kept under it",
    "reserved-id": "Choose another id",
    "second-form": "Add a form that asks it again in other words",
    "image-exists": "Put the drawing into images/, or correct its name",
}


def broken(rule: str, course: Course) -> Iterator[Finding]:
    """What loading has found for one rule."""
    for problem in course.problems:
        if problem.rule == rule:
            about = problem.place.replace(",", "").split(" ")[1] if " " in problem.place else problem.place
            yield Finding(problem.file, _line(course, problem), rule, about, _said(problem), _MENDS[rule])


def loads(course: Course) -> Iterator[Finding]:
    return broken("loads", course)


def references(course: Course) -> Iterator[Finding]:
    return broken("references", course)


def one_key(course: Course) -> Iterator[Finding]:
    return broken("one-key", course)


def unique_ids(course: Course) -> Iterator[Finding]:
    return broken("unique-ids", course)


def reserved_id(course: Course) -> Iterator[Finding]:
    return broken("reserved-id", course)


def second_form(course: Course) -> Iterator[Finding]:
    return broken("second-form", course)


def image_exists(course: Course) -> Iterator[Finding]:
    return broken("image-exists", course)


def blanks(course: Course) -> Iterator[Finding]:
    for text in course.source_texts:
        if BLANK in text.words:
            hint = text.words.replace(BLANK, "").strip()
            message, mend = f"{text.place[-1]} is still blank", f"Write: {hint}" if hint else "Fill it in"
            yield course.finding("blank", text.path, text.place, text.about, message, mend)


def option_count(course: Course) -> Iterator[Finding]:
    for placed in course.items():
        for form in placed.item.forms:
            if len(form.options) not in (3, 4):
                place: Place = (*placed.place, "forms", form.id)
                message = f"{len(form.options)} options"
                mend = 'Offer three or four, all plausible; "I don\'t know yet" is added to them'
                yield course.finding("option-count", placed.path, place, f"{placed.item.id}/{form.id}", message, mend)


def quiz_fact(course: Course) -> Iterator[Finding]:
    for placed in course.items():
        fact = course.facts.get(placed.item.fact)
        if fact and not fact.quiz and fact.kind != "gap":
            message = f"the fact {fact.id!r} has quiz = false ({fact.quiz_reason or 'no reason given'})"
            mend = "Test another fact: a quiz makes a claim stick"
            yield course.finding("quiz-fact", placed.path, (*placed.place, "fact"), placed.item.id, message, mend)


def quiz_reason(course: Course) -> Iterator[Finding]:
    for fact in course.facts.values():
        if not fact.quiz and not fact.quiz_reason:
            path = course.source_file("facts.toml")
            message, mend = f"{fact.id!r} has quiz = false and no reason", "Say in quiz_reason why it must not be asked"
            yield course.finding("quiz-reason", path, ("facts", fact.id), fact.id, message, mend)


def taught_first(course: Course) -> Iterator[Finding]:
    taught: set[str] = set()
    for path, lesson in course.files.lessons:
        taught |= {fact for block in lesson.blocks for fact in block.facts}
        for item in lesson.items:
            block = next((block for block in lesson.blocks if block.id == item.block), None)
            place: Place = ("items", item.id)
            if item.fact not in taught:
                message = f"no lesson up to here teaches {item.fact!r}"
                mend = "Add the fact to a block, or move the item to a later lesson"
                yield course.finding("taught-first", path, (*place, "fact"), item.id, message, mend)
            elif block and item.fact not in block.facts:
                message = f"feedback points back to the block {block.id!r}, which does not teach {item.fact!r}"
                mend = "Point to a block of this lesson that does, or add the fact to it"
                yield course.finding("taught-first", path, (*place, "block"), item.id, message, mend)


def critical_tested(course: Course) -> Iterator[Finding]:
    tested = {placed.item.fact for placed in course.items() if placed.item.critical}
    for fact in course.facts.values():
        if fact.critical and fact.id not in tested:
            path = course.source_file("facts.toml")
            message, mend = f"no critical item tests {fact.id!r}", "Write one: nobody else would notice a gap here"
            yield course.finding("critical-tested", path, ("facts", fact.id), fact.id, message, mend)


def misconceptions(course: Course) -> Iterator[Finding]:
    for placed in course.items():
        for form in placed.item.forms:
            for option in form.options:
                about = f"{placed.item.id}/{form.id}/{option.id}"
                place: Place = (*placed.place, "forms", form.id, "options", option.id)
                if option.key and option.misconception:
                    message, mend = "the key has a misconception", "Take it away: the key is what is right"
                    yield course.finding("misconception", placed.path, place, about, message, mend)
                if not option.key and not option.misconception:
                    message = "a distractor without a misconception"
                    mend = "Name the belief that it stands for, or replace it by one that patients may hold"
                    yield course.finding("misconception", placed.path, place, about, message, mend)


def image_alt(course: Course) -> Iterator[Finding]:
    for path, lesson in course.files.lessons:
        for block in lesson.blocks:
            about, place = f"{lesson.id}/{block.id}", ("blocks", block.id)
            if block.image and not block.alt:
                message, mend = "a drawing without alt", "Say in alt what it shows, for those who cannot see it"
                yield course.finding("image-alt", path, place, about, message, mend)
            if block.alt and not block.image:
                message, mend = "alt without a drawing", "Name the image, or delete alt"
                yield course.finding("image-alt", path, place, about, message, mend)


def varies_note(course: Course) -> Iterator[Finding]:
    taught = {fact for _, lesson in course.files.lessons for block in lesson.blocks for fact in block.facts}
    for fact in course.facts.values():
        left_out_on_purpose = not fact.quiz
        if fact.varies and fact.id not in taught and not left_out_on_purpose:
            path = course.source_file("facts.toml")
            message = f"{fact.id!r} varies, and no block names it, so no page shows the note"
            mend = "List it in the facts of the block that says it; if none should, give it quiz = false and a reason"
            yield course.finding("varies-note", path, ("facts", fact.id), fact.id, message, mend)


def _said(problem: Broken) -> str:
    return f"{problem.place}: {problem.message}" if problem.place else problem.message


def _line(course: Course, problem: Broken) -> int | None:
    """The line that a TOML error names, or that of a place such as "item x, form a" or "items 2, forms 1, stem"."""
    _, _, after = problem.message.rpartition("at line ")
    digits = after.split(",")[0]
    if digits.isdigit():
        return int(digits)
    steps: list[str] = []
    for part in problem.place.split(", "):
        name, _, rest = part.partition(" ")
        steps += [_PLURALS.get(name, name), rest] if rest else [name]
    return course.line(problem.file, tuple(steps))


_PLURALS = {
    **{name: f"{name}s" for name in ("item", "form", "option", "block", "fact", "misconception", "term", "theme")},
    "prompt": "prompts",
}
