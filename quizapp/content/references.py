"""What the files of a procedure name that is not there, or say twice: a procedure with any of it is not served."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from quizapp.content import schema
from quizapp.content.loading import Broken, SourceFiles

RESERVED_OPTION = "dont-know"  # what a page sends for "I don't know yet", which is no option of the item


def broken_references(files: SourceFiles) -> list[Broken]:
    """Every name that leads nowhere, every id used twice, every form without one key, and so on.

    A file that did not validate counts as empty, so ask only where all did, or expect names missing from it.
    """
    facts = {fact.id for fact in files.facts.facts} if files.facts else set()
    beliefs = {belief.id for belief in files.misconceptions.misconceptions} if files.misconceptions else set()
    problems = _repeated_ids(files)
    for path, lesson in files.lessons:
        blocks = {block.id for block in lesson.blocks}
        problems += _twice(path, "block", (block.id for block in lesson.blocks))
        for block in lesson.blocks:
            for fact in block.facts:
                if fact not in facts:
                    problems.append(Broken(path, f"block {block.id}", f"facts.toml has no fact {fact!r}", "references"))
            if block.image and not (files.folder / "images" / block.image).is_file():
                problems.append(Broken(path, f"block {block.id}", f"images/ has no {block.image!r}", "image-exists"))
        for item in lesson.items:
            where = f"item {item.id}"
            if item.fact not in facts:
                problems.append(Broken(path, where, f"facts.toml has no fact {item.fact!r}", "references"))
            if item.block not in blocks:
                problems.append(Broken(path, where, f"this lesson has no block {item.block!r}", "references"))
            if item.critical and len(item.forms) < 2:
                problems.append(Broken(path, where, "a critical item needs a second form for the retry", "second-form"))
            problems += _broken_forms(path, item, beliefs)
    return problems


def _repeated_ids(files: SourceFiles) -> list[Broken]:
    """Ids that must be unique in the procedure: an answer, a flag or a tick is kept under them."""
    source = files.folder / (files.procedure.source if files.procedure else "en")
    problems: list[Broken] = []
    if files.facts:
        problems += _twice(source / "facts.toml", "fact", (fact.id for fact in files.facts.facts))
    if files.misconceptions:
        ids = (belief.id for belief in files.misconceptions.misconceptions)
        problems += _twice(source / "misconceptions.toml", "misconception", ids)
    if files.glossary:
        problems += _twice(source / "glossary.toml", "term", (term.id for term in files.glossary.terms))
    if files.prompts:
        themes = files.prompts.themes
        problems += _twice(source / "prompts.toml", "theme", (theme.id for theme in themes))
        prompts = (prompt.id for theme in themes for prompt in theme.prompts)
        problems += _twice(source / "prompts.toml", "prompt", prompts)
    lessons: set[str] = set()
    items: set[str] = set()
    for path, lesson in files.lessons:
        if lesson.id in lessons:
            problems.append(Broken(path, f"lesson {lesson.id}", "another lesson has this id", "unique-ids"))
        lessons.add(lesson.id)
        for item in lesson.items:
            if item.id in items:
                problems.append(Broken(path, f"item {item.id}", "another item has this id", "unique-ids"))
            items.add(item.id)
    return problems


def _broken_forms(path: Path, item: schema.ItemTable, beliefs: set[str]) -> list[Broken]:
    problems: list[Broken] = []
    if len({form.id for form in item.forms}) < len(item.forms):
        problems.append(Broken(path, f"item {item.id}", "two forms have one id", "unique-ids"))
    for form in item.forms:
        where = f"item {item.id}, form {form.id}"
        if sum(option.key for option in form.options) != 1:
            problems.append(Broken(path, where, "exactly one option needs key = true", "one-key"))
        if len({option.id for option in form.options}) < len(form.options):
            problems.append(Broken(path, where, "two options have one id", "unique-ids"))
        for option in form.options:
            if option.id == RESERVED_OPTION:
                message = f'no option may have the id {RESERVED_OPTION!r}: it stands for "I don\'t know yet"'
                problems.append(Broken(path, f"{where}, option {option.id}", message, "reserved-id"))
            if option.misconception and option.misconception not in beliefs:
                message = f"misconceptions.toml has no {option.misconception!r} ({option.id})"
                problems.append(Broken(path, where, message, "references"))
    return problems


def _twice(path: Path, kind: str, ids: Iterable[str]) -> list[Broken]:
    return [
        Broken(path, f"{kind} {repeated}", f"another {kind} has this id", "unique-ids")
        for repeated, times in Counter(ids).items()
        if times > 1
    ]
