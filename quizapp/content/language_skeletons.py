"""What `quizapp new language` writes: every id, the source's words above, and the translator's left empty."""

import re
from pathlib import Path

from quizapp.content.checks.checked_procedure import read_checked_procedure
from quizapp.content.checks.translations import Words, source_hash, source_tables
from quizapp.content.skeletons import CannotWrite
from quizapp.content.toml_positions import Place

LANGUAGE = """\
# Who reviewed this translation (a role or initials), and on which day. Empty: it is a draft.
reviewed_by = ""
reviewed_on = ""
"""


def new_language(folder: Path, language: str) -> list[Path]:
    """A language's folder in a procedure's folder. Raises CannotWrite where it is there, or the source is broken."""
    if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})?", language):
        raise CannotWrite(f"{language!r} is no language code: use one such as es or pt-br")
    if (folder / language).exists():
        raise CannotWrite(f"{folder / language} is there already")
    course = read_checked_procedure(folder)
    if not (folder / "procedure.toml").is_file() or any(problem.rule == "loads" for problem in course.problems):
        raise CannotWrite(f"{folder} cannot be read; run: quizapp check")
    texts = {"language.toml": LANGUAGE} | {name: _file(tables) for name, tables in source_tables(course).items()}
    written = []
    for name, text in texts.items():
        path = folder / language / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def _file(tables: dict[Place, Words]) -> str:
    top_first = sorted(tables.items(), key=lambda table: len(table[0]) > 0)
    return "\n".join(_table(place, words) for place, words in top_first)


def _table(place: Place, words: Words) -> str:
    """One table: the hash of the source words, and each field empty below its source."""
    lines = [f"[{'.'.join(place)}]"] if place else []
    lines.append(f'of = "{source_hash(words)}"')
    for field, source in words.items():
        lines += [f"# {line}" for word in source for line in word.strip().splitlines()]
        empty = ", ".join(['""'] * len(source))
        lines.append(f"{field} = [{empty}]" if field in LISTS else f'{field} = ""')
    return "\n".join(lines) + "\n"


# The fields that hold several words.
LISTS = ("about", "also")
