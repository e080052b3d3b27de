"""Rules that content must keep to be served at all: what loading could not read, names that lead nowhere, ids."""

from collections.abc import Iterator, Sequence

from quizapp.content.checks.rules import RULES, CheckedProcedure, Found, rule
from quizapp.content.drawings import why_not_published
from quizapp.content.loading import Broken, SourceFiles
from quizapp.content.toml_positions import Location

RESERVED_OPTION = "dont-know"  # what a page sends for "I don't know yet", which is no option of the item


def why_not_served(files: SourceFiles) -> list[Broken]:
    """Return what these rules find in the files of a procedure, which all validated."""
    procedure = CheckedProcedure(files, (), {})
    findings = (finding for rule in RULES.values() if rule.serving for finding in rule.find(procedure))
    return [Broken(finding.path, finding.message) for finding in findings]


@rule("loads", "Every file exists, is TOML, and has the fields that it needs", always=True, serving=True)
def loads(procedure: CheckedProcedure) -> Found:
    """A procedure that is broken anywhere is not served at all: a half-loaded quiz could mislead."""
    fix = "Until then the procedure is not served"
    for problem in procedure.problems:
        about = "".join(problem.place[:2][-1:])
        yield Location(problem.file, problem.place, about, line=problem.line), problem.placed_message, fix
    folder = procedure.files.folder
    name = folder.resolve().name if folder.name in ("", "..") else folder.name
    if procedure.files.procedure.id not in ("", name):
        yield Location(folder / "procedure.toml", ("id",), "id"), f'id: must be the folder\'s name, "{name}"', fix


@rule("references", "Every id that is named exists", whole=True, always=True, serving=True)
def references(procedure: CheckedProcedure) -> Found:
    """An item on a missing fact, or feedback that points nowhere, leaves a patient alone."""
    fix = "Write the id of something that is there"
    facts = {fact.id for fact in procedure.files.facts}
    beliefs = {belief.id for belief in procedure.files.misconceptions}
    for path, lesson in procedure.files.lessons:
        for block in lesson.blocks:
            for fact in block.facts:
                if fact not in facts:
                    at = Location(path, ("blocks", block.id), block.id)
                    yield at, f"block {block.id}: facts.toml has no fact {fact!r}", fix
        for item in lesson.items:
            at = Location(path, ("items", item.id), item.id)
            if item.fact not in facts:
                yield at, f"item {item.id}: facts.toml has no fact {item.fact!r}", fix
            if all(block.id != item.block for block in lesson.blocks):
                yield at, f"item {item.id}: this lesson has no block {item.block!r}", fix
    for form in procedure.written_forms():
        for option in form.options:
            if option.misconception and option.misconception not in beliefs:
                message = f"{form.called}: misconceptions.toml has no {option.misconception!r} ({option.id})"
                yield form, message, fix


@rule("one-key", "Exactly one key a form", always=True, serving=True)
def one_key(procedure: CheckedProcedure) -> Found:
    """With two right answers, one of them would be called a misunderstanding."""
    for form in procedure.written_forms():
        if sum(option.key for option in form.options) != 1:
            message = f"{form.called}: exactly one option needs key = true"
            yield form, message, "Give key = true to the one right option"


@rule("unique-ids", "No id is used twice", always=True, serving=True)
def unique_ids(procedure: CheckedProcedure) -> Found:
    """Answers, flags and ticks are stored under ids: two things with one id would be counted as one."""
    fix = "Choose an id that was never used: answers are kept under it"
    for kind, places in _places_of_ids(procedure):
        seen: set[str] = set()
        for at in places:
            if at.id in seen:
                yield at, f"{kind} {at.id}: another {kind} has this id", fix
            seen.add(at.id)
    for item in procedure.items:
        if len({form.place for form in item.forms}) < len(item.forms):
            yield item, f"item {item.id}: two forms have one id", fix
    for form in procedure.written_forms():
        if len({option.id for option in form.options}) < len(form.options):
            yield form, f"{form.called}: two options have one id", fix


def _places_of_ids(procedure: CheckedProcedure) -> Iterator[tuple[str, Sequence[Location]]]:
    """Yield what must have ids that differ: a word for it, and each one's place and id."""
    files, at = procedure.files, procedure.at
    yield "fact", [at("facts.toml", "facts", fact.id) for fact in files.facts]
    yield "misconception", [at("misconceptions.toml", "misconceptions", belief.id) for belief in files.misconceptions]
    yield "term", [at("glossary.toml", "terms", term.id) for term in files.terms]
    yield "theme", [at("prompts.toml", "themes", theme.id) for theme in files.themes]
    prompts = [("themes", theme.id, "prompts", prompt.id) for theme in files.themes for prompt in theme.prompts]
    yield "prompt", [at("prompts.toml", *place) for place in prompts]
    yield "lesson", [Location(path, ("id",), lesson.id) for path, lesson in files.lessons]
    yield "item", procedure.items
    for path, lesson in files.lessons:
        yield "block", [Location(path, ("blocks", block.id), block.id) for block in lesson.blocks]


@rule("reserved-id", 'No option has the id "dont-know"', always=True, serving=True)
def reserved_id(procedure: CheckedProcedure) -> Found:
    """Pages send it for "I don't know yet", which is never wrong."""
    for form in procedure.written_forms():
        if any(option.id == RESERVED_OPTION for option in form.options):
            message = f'no option may have the id {RESERVED_OPTION!r}: it stands for "I don\'t know yet"'
            yield form.below("options", RESERVED_OPTION), f"{form.called}: {message}", "Choose another id"


@rule("second-form", "A critical item has a second form", serving=True)
def second_form(procedure: CheckedProcedure) -> Found:
    """Asking again in other words works better than the same question again."""
    for item in procedure.items:
        if item.item.critical and len(item.forms) < 2:
            message = f"item {item.id}: a critical item needs a second form for the retry"
            yield item, message, "Add a form that asks it again in other words"


@rule("image-exists", "Every image exists, and is a plain SVG drawing", serving=True)
def image_exists(procedure: CheckedProcedure) -> Found:
    """A missing drawing is an empty frame on the page, and an SVG file can hold scripts and links."""
    for path, lesson in procedure.files.lessons:
        for block in lesson.blocks:
            at = Location(path, ("blocks", block.id), block.id)
            image = procedure.files.folder / "images" / (block.image or "")
            if block.image and not image.exists():
                message = f"block {block.id}: images/ has no {block.image!r}"
                yield at, message, "Put the drawing into images/, or correct its name"
            elif block.image and (why := why_not_published(image)):
                yield at, f"block {block.id}: images/{block.image} {why}", "Correct the drawing"
