"""Rules on what exists: blanks, facts taught and tested, options with their misconceptions, drawings."""

from collections.abc import Iterator

from quizapp.content.checks.rules import CheckedProcedure, Find, Finding, rule
from quizapp.content.loading import Broken
from quizapp.content.schema import BLANK
from quizapp.content.toml_positions import Place


@rule(
    "blank",
    "No blank is left to fill in",
    "`quizapp new` leaves blanks that say what belongs there.",
)
def blanks(procedure: CheckedProcedure) -> Iterator[Finding]:
    for text in procedure.source_texts:
        if BLANK in text.words:
            hint = text.words.replace(BLANK, "").strip()
            message, fix = f"{text.place[-1]} is still blank", f"Write: {hint}" if hint else "Fill it in"
            yield procedure.finding("blank", text.path, text.place, text.about, message, fix)


@rule(
    "option-count",
    "Three or four options",
    "Two are a coin toss; more than four rarely draw anyone and are slow to read (Rodriguez 2005).",
)
def option_count(procedure: CheckedProcedure) -> Iterator[Finding]:
    for placed in procedure.items():
        for form in placed.item.forms:
            if len(form.options) not in (3, 4):
                place: Place = (*placed.place, "forms", form.id)
                message = f"{len(form.options)} options"
                fix = 'Offer three or four, all plausible; "I don\'t know yet" is added to them'
                yield procedure.finding("option-count", placed.path, place, f"{placed.item.id}/{form.id}", message, fix)


@rule(
    "quiz-fact",
    "No item on a fact that must not be asked",
    "A quiz makes a claim stick. What clinics see differently is taught as what the leaflet says, but not asked.",
    whole=True,
)
def quiz_fact(procedure: CheckedProcedure) -> Iterator[Finding]:
    for placed in procedure.items():
        fact = procedure.facts.get(placed.item.fact)
        if fact and not fact.quiz and fact.kind != "gap":
            message = f"the fact {fact.id!r} has quiz = false ({fact.quiz_reason or 'no reason given'})"
            fix = "Test another fact: a quiz makes a claim stick"
            yield procedure.finding("quiz-fact", placed.path, (*placed.place, "fact"), placed.item.id, message, fix)


@rule(
    "quiz-reason",
    "quiz = false has a reason",
    "The next author has to know why a fact is left out on purpose.",
)
def quiz_reason(procedure: CheckedProcedure) -> Iterator[Finding]:
    for fact in procedure.facts.values():
        if not fact.quiz and not fact.quiz_reason:
            path = procedure.source_file("facts.toml")
            message, fix = f"{fact.id!r} has quiz = false and no reason", "Say in quiz_reason why it must not be asked"
            yield procedure.finding("quiz-reason", path, ("facts", fact.id), fact.id, message, fix)


@rule(
    "taught-first",
    "Taught before tested, by the block that feedback points to",
    "Asking what was never taught shows nothing about the leaflet, and frightens people.",
    whole=True,
)
def taught_first(procedure: CheckedProcedure) -> Iterator[Finding]:
    taught: set[str] = set()
    for path, lesson in procedure.files.lessons:
        taught |= {fact for block in lesson.blocks for fact in block.facts}
        for item in lesson.items:
            block = next((block for block in lesson.blocks if block.id == item.block), None)
            place: Place = ("items", item.id)
            if item.fact not in taught:
                message = f"no lesson up to here teaches {item.fact!r}"
                fix = "Add the fact to a block, or move the item to a later lesson"
                yield procedure.finding("taught-first", path, (*place, "fact"), item.id, message, fix)
            elif block and item.fact not in block.facts:
                message = f"feedback points back to the block {block.id!r}, which does not teach {item.fact!r}"
                fix = "Point to a block of this lesson that does, or add the fact to it"
                yield procedure.finding("taught-first", path, (*place, "block"), item.id, message, fix)


@rule(
    "critical-tested",
    "Every fact marked critical has a critical item",
    "What the nurse raises first has to be asked; otherwise a misunderstanding goes unnoticed.",
    whole=True,
)
def critical_tested(procedure: CheckedProcedure) -> Iterator[Finding]:
    tested = {placed.item.fact for placed in procedure.items() if placed.item.critical}
    for fact in procedure.facts.values():
        if fact.critical and fact.id not in tested:
            path = procedure.source_file("facts.toml")
            message, fix = (
                f"no critical item tests {fact.id!r}",
                "Write one: otherwise nothing shows that it was misunderstood",
            )
            yield procedure.finding("critical-tested", path, ("facts", fact.id), fact.id, message, fix)


@rule(
    "misconception",
    "Every distractor has a named misconception, and the key has none",
    "The nurse talks about a misconception, not about a letter; one misconception is counted across items.",
)
def misconceptions(procedure: CheckedProcedure) -> Iterator[Finding]:
    for placed in procedure.items():
        for form in placed.item.forms:
            for option in form.options:
                about = f"{placed.item.id}/{form.id}/{option.id}"
                place: Place = (*placed.place, "forms", form.id, "options", option.id)
                if option.key and option.misconception:
                    message, fix = "the key has a misconception", "Remove it: the key is the right answer"
                    yield procedure.finding("misconception", placed.path, place, about, message, fix)
                if not option.key and not option.misconception:
                    message = "a distractor without a misconception"
                    fix = "Name the misconception behind it, or replace it by one that patients may hold"
                    yield procedure.finding("misconception", placed.path, place, about, message, fix)


@rule(
    "image-alt",
    "Every image has a text alternative",
    "Readers who cannot see the drawing still want to know what it shows.",
)
def image_alt(procedure: CheckedProcedure) -> Iterator[Finding]:
    for path, lesson in procedure.files.lessons:
        for block in lesson.blocks:
            about, place = f"{lesson.id}/{block.id}", ("blocks", block.id)
            if block.image and not block.alt:
                message, fix = "a drawing without alt", "Say in alt what it shows, for readers who cannot see it"
                yield procedure.finding("image-alt", path, place, about, message, fix)
            if block.alt and not block.image:
                message, fix = "alt without a drawing", "Name the image, or delete alt"
                yield procedure.finding("image-alt", path, place, about, message, fix)


@rule(
    "varies-note",
    "Every fact that varies is taught in a block, so that its note is shown",
    "Next to it, the page says that the patient's own team may do it differently.",
    whole=True,
)
def varies_note(procedure: CheckedProcedure) -> Iterator[Finding]:
    taught = {fact for _, lesson in procedure.files.lessons for block in lesson.blocks for fact in block.facts}
    for fact in procedure.facts.values():
        left_out_on_purpose = not fact.quiz
        if fact.varies and fact.id not in taught and not left_out_on_purpose:
            path = procedure.source_file("facts.toml")
            message = f"{fact.id!r} varies, and no block names it, so no page shows the note"
            fix = "List it in the facts of the block that says it; if none should, give it quiz = false and a reason"
            yield procedure.finding("varies-note", path, ("facts", fact.id), fact.id, message, fix)


def _found_by_loading(rule_id: str, fix: str) -> Find:
    """Return a function that yields what loading has found for one rule."""

    def find(procedure: CheckedProcedure) -> Iterator[Finding]:
        for problem in procedure.problems:
            if problem.rule == rule_id:
                about = problem.place.replace(",", "").split(" ")[1] if " " in problem.place else problem.place
                message = f"{problem.place}: {problem.message}" if problem.place else problem.message
                yield Finding(problem.file, _line(procedure, problem), rule_id, about, message, fix)

    return find


rule(
    "loads",
    "Every file exists, is TOML, and has the fields that it needs",
    "A procedure that is broken anywhere is not served at all: a half-loaded quiz could mislead.",
    always=True,
)(_found_by_loading("loads", "Until then the procedure is not served"))
rule(
    "references",
    "Every id that is named exists",
    "An item on a missing fact, or feedback that points nowhere, leaves a patient alone.",
    always=True,
)(_found_by_loading("references", "Write the id of something that is there"))
rule(
    "one-key",
    "Exactly one key a form",
    "With two right answers, one of them would be called a misunderstanding.",
    always=True,
)(_found_by_loading("one-key", "Give key = true to the one right option"))
rule(
    "unique-ids",
    "No id is used twice",
    "Answers, flags and ticks are stored under ids: two things with one id would be counted as one.",
    always=True,
)(_found_by_loading("unique-ids", "Choose an id that was never used: answers are kept under it"))
rule(
    "reserved-id",
    'No option has the id "dont-know"',
    'Pages send it for "I don\'t know yet", which is never wrong.',
    always=True,
)(_found_by_loading("reserved-id", "Choose another id"))
rule(
    "second-form",
    "A critical item has a second form",
    "Asking again in other words works better than the same question again.",
)(_found_by_loading("second-form", "Add a form that asks it again in other words"))
rule(
    "image-exists",
    "Every image exists",
    "A missing drawing is an empty frame on the page.",
)(_found_by_loading("image-exists", "Put the drawing into images/, or correct its name"))


def _line(procedure: CheckedProcedure, problem: Broken) -> int | None:
    """The line that a TOML error names, or that of a place such as "item x, form a" or "items 2, forms 1, stem"."""
    _, _, after = problem.message.rpartition("at line ")
    digits = after.split(",")[0]
    if digits.isdigit():
        return int(digits)
    steps: list[str] = []
    for part in problem.place.split(", "):
        name, _, rest = part.partition(" ")
        steps += [_PLURALS.get(name, name), rest] if rest else [name]
    return procedure.line(problem.file, tuple(steps))


_PLURALS = {
    name: f"{name}s" for name in ("item", "form", "option", "block", "fact", "misconception", "term", "theme", "prompt")
}
