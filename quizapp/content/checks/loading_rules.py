"""Rules that loading itself enforces: a procedure that breaks one of them is not served."""

from collections.abc import Iterator

from quizapp.content.checks.checked_procedure import CheckedProcedure, Finding
from quizapp.content.checks.rules import Find, rule
from quizapp.content.loading import Broken


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
