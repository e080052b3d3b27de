"""What `quizapp new` writes: the commented files of skeleton/, which only need their blanks filled in.

Every blank reads "___ ..." and says what belongs there; `quizapp check` names those that are left.
"""

import re
from pathlib import Path

from quizapp.content.checks.rules import read_checked_procedure
from quizapp.content.checks.translations import Words, source_hash, source_tables
from quizapp.content.toml_positions import Place
from quizapp.content.translation import LISTS

SKELETON = Path(__file__).parent / "skeleton"


class CannotWrite(Exception):
    """The file or folder is there already, or the name is not one; nothing was written."""


def new_procedure(questions: Path, name: str) -> list[Path]:
    """Write a procedure's folder with one lesson and one item. This and the others return the files written."""
    _must_be_id(name)
    folder = questions / name
    if folder.exists():
        raise CannotWrite(f"{folder} is there already; choose another name")
    whole = SKELETON / "procedure"
    files = {path.relative_to(whole): path for path in sorted(whole.rglob("*.toml"))}
    written = [_write(folder / place, _filled(path, name=name)) for place, path in files.items()]
    return [*written, _write(folder / "en" / "lessons" / "1-first.toml", _lesson("first"))]


def new_lesson(folder: Path, name: str) -> list[Path]:
    """Write a lesson after the last one of a procedure's folder, with one item."""
    _must_be_id(name)
    lessons = folder / "en" / "lessons"
    if not lessons.is_dir():
        raise CannotWrite(f"{folder} is no procedure: it has no en/lessons/")
    if any(path.stem.split("-", 1)[-1] == name for path in lessons.glob("*.toml")):
        raise CannotWrite(f"there is a lesson {name} already; choose another name")
    numbers = [int(match[1]) for path in lessons.glob("*.toml") if (match := re.match(r"(\d+)-", path.name))]
    path = lessons / f"{max(numbers, default=0) + 1}-{name}.toml"
    return [_write(path, _lesson(name))]


def new_item(lesson: Path, name: str) -> list[Path]:
    """Write an item at the end of a lesson's file."""
    _must_be_id(name)
    if not lesson.is_file():
        raise CannotWrite(f"there is no lesson {lesson}")
    text = lesson.read_text(encoding="utf-8")
    if f'id = "{name}"' in text:
        raise CannotWrite(f"{lesson} has an id {name} already; choose another name")
    block = re.search(r'\[\[blocks\]\]\s+id = "([^"]+)"', text)
    if block is None:
        raise CannotWrite(f"{lesson} has no block yet; an item points at one")
    return [_write(lesson, text.rstrip("\n") + "\n\n" + _filled(SKELETON / "item.toml", id=name, block=block[1]))]


def _must_be_id(name: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,59}", name):
        raise CannotWrite(f"{name!r} is no id: use small letters, digits and hyphens, and begin with a letter")


def _lesson(name: str) -> str:
    item = _filled(SKELETON / "item.toml", id=f"{name}-item", block=f"{name}-block")
    return _filled(SKELETON / "lesson.toml", id=name) + "\n" + item


def _filled(skeleton: Path, **words: str) -> str:
    return skeleton.read_text(encoding="utf-8").format(**words)


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def new_language(folder: Path, language: str) -> list[Path]:
    """Write a language's folder. Raise CannotWrite if there is one already, or if the source is broken."""
    if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})?", language):
        raise CannotWrite(f"{language!r} is no language code: use one such as es or pt-br")
    if (folder / language).exists():
        raise CannotWrite(f"{folder / language} is there already")
    procedure = read_checked_procedure(folder)
    if not (folder / "procedure.toml").is_file() or procedure.problems:
        raise CannotWrite(f"{folder} cannot be read; run: quizapp check")
    written = [_write(folder / language / "language.toml", _filled(SKELETON / "language.toml"))]
    for name, tables in source_tables(procedure).items():
        top_first = sorted(tables.items(), key=lambda table: table[0] != ())
        text = "\n".join(_empty_table(place, words) for place, words in top_first)
        written.append(_write(folder / language / name, text))
    return written


def _empty_table(place: Place, words: Words) -> str:
    """Return a table for a translator: the hash of the source's words, and each field empty below its source."""
    lines = [f"[{'.'.join(place)}]"] if place else []
    lines.append(f'of = "{source_hash(words)}"')
    for field, source in words.items():
        lines += [f"# {line}" for word in source for line in word.strip().splitlines()]
        empty = ", ".join(['""'] * len(source))
        lines.append(f"{field} = [{empty}]" if field in LISTS else f'{field} = ""')
    return "\n".join(lines) + "\n"
