"""What the files of a procedure name that is not there, or say twice: a procedure with any of it is not served."""

from collections.abc import Iterable
from pathlib import Path

from quizapp.content import schema
from quizapp.content.loading import Broken, SourceFiles

RESERVED_OPTION = "dont-know"  # what a page sends for "I don't know yet", which is no option of the item


def broken_references(files: SourceFiles) -> list[Broken]:
    """Return every name that leads nowhere, every id used twice, every form without one key, and so on.

    Ask only if every file validated: one that did not counts as empty, and names of what it holds as missing.
    """
    facts = {fact.id for fact in files.facts}
    beliefs = {belief.id for belief in files.misconceptions}
    problems = _repeated_ids(files)
    for path, lesson in files.lessons:
        blocks = {block.id for block in lesson.blocks}
        problems += _twice((path, "block", block.id) for block in lesson.blocks)
        for block in lesson.blocks:
            where = f"block {block.id}"
            for fact in block.facts:
                if fact not in facts:
                    problems.append(Broken(path, where, f"facts.toml has no fact {fact!r}", "references"))
            if block.image and not (files.folder / "images" / block.image).is_file():
                problems.append(Broken(path, where, f"images/ has no {block.image!r}", "image-exists"))
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
    """Return ids that must be unique and are not: an answer, a flag or a tick is kept under them."""
    source = files.folder / files.language
    prompts = [prompt for theme in files.themes for prompt in theme.prompts]
    ids = [
        *((source / "facts.toml", "fact", fact.id) for fact in files.facts),
        *((source / "misconceptions.toml", "misconception", belief.id) for belief in files.misconceptions),
        *((source / "glossary.toml", "term", term.id) for term in files.terms),
        *((source / "prompts.toml", "theme", theme.id) for theme in files.themes),
        *((source / "prompts.toml", "prompt", prompt.id) for prompt in prompts),
        *((path, "lesson", lesson.id) for path, lesson in files.lessons),
        *((path, "item", item.id) for path, lesson in files.lessons for item in lesson.items),
    ]
    return _twice(ids)


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


def _twice(ids: Iterable[tuple[Path, str, str]]) -> list[Broken]:
    """Return each of these files, kinds and ids whose kind and id came before."""
    seen: set[tuple[str, str]] = set()
    problems: dict[Broken, None] = {}
    for path, kind, repeated in ids:
        if (kind, repeated) in seen:
            problems[Broken(path, f"{kind} {repeated}", f"another {kind} has this id", "unique-ids")] = None
        seen.add((kind, repeated))
    return list(problems)
