"""What `quizapp new` writes: commented files that only want their blanks filled in.

Every blank reads "___ ..." and says what belongs there; `quizapp check` names those that are left.
"""

import re
from pathlib import Path

from quizapp.content.checks.rules import read_checked_procedure
from quizapp.content.checks.translations import Words, source_hash, source_tables
from quizapp.content.toml_positions import Place
from quizapp.content.translation import LISTS


class CannotWrite(Exception):
    """The file or folder is there already, or the name is not one; nothing was written."""


def new_procedure(questions: Path, name: str) -> list[Path]:
    """Write a procedure's folder with one lesson and one item. This and the others return the files written."""
    _must_be_id(name)
    folder = questions / name
    if folder.exists():
        raise CannotWrite(f"{folder} is there already; choose another name")
    files = {
        "procedure.toml": PROCEDURE.format(name=name),
        "en/procedure.toml": WORDS,
        "en/facts.toml": FACTS,
        "en/misconceptions.toml": MISCONCEPTIONS,
        "en/prompts.toml": PROMPTS,
        "en/glossary.toml": GLOSSARY,
        "en/lessons/1-first.toml": LESSON.format(id="first") + ITEM.format(id="first-item", block="first-block"),
    }
    return [_write(folder / place, text) for place, text in files.items()]


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
    return [_write(path, LESSON.format(id=name) + ITEM.format(id=f"{name}-item", block=f"{name}-block"))]


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
    lesson.write_text(text.rstrip("\n") + "\n" + ITEM.format(id=name, block=block[1]), encoding="utf-8")
    return [lesson]


def _must_be_id(name: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,59}", name):
        raise CannotWrite(f"{name!r} is no id: use small letters, digits and hyphens, and begin with a letter")


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.lstrip("\n"), encoding="utf-8")
    return path


PROCEDURE = """
# What holds for the procedure in every language.
id = "{name}"
source = "en"

# The leaflet that the lessons are made from: its title, and who made it.
leaflet = "___ the leaflet's title"

# Words that the reading grade does not count against, because there is no simpler one.
allowed_terms = []

# "Here we do it so", for nurses only: a fact's id = "what this clinic does".
[local]
"""

WORDS = """
# The start page.
title = "___ what the visit is about"
short = "___ one sentence: what the lessons are about"
about = ["___ one plain sentence"]
"""

FACTS = """
# Every statement that the leaflet makes, in plain words.
[[facts]]
id = "first-fact"
text = "___ the statement, as a whole sentence"
# The heading in the leaflet above it, and the paragraph below that heading, counted from 1.
section = "___ the heading"
paragraph = 1
# If clinics differ on it, say how; the page then tells patients to ask their own team.
# varies = "..."
# A fact that must never be an answer, with the reason:
# quiz = false
# quiz_reason = "..."
"""

MISCONCEPTIONS = """
# The wrong beliefs behind wrong options. Several options may share one.
[[misconceptions]]
id = "first-belief"
name = "thinks ___ what the patient believes"

[[misconceptions]]
id = "second-belief"
name = "thinks ___ what the patient believes"
"""

PROMPTS = """
# Questions that the leaflet leaves open, in the patient's own voice. They have no answers here.
[[themes]]
id = "first-theme"
title = "___ what the questions are about"

[[themes.prompts]]
id = "first-prompt"
text = "___ a question, such as: What are the risks for me?"
"""

GLOSSARY = """
# Words that the lessons explain.
# [[terms]]
# id = "catheter"
# term = "catheter"
# also = ["catheters"]
# meaning = "A thin, soft tube."
"""

LESSON = """
id = "{id}"
title = "___ what the lesson is about"
main = "___ the one thing to remember, as a sentence"

# Two to four blocks, 50 to 100 words in all. Sentences of at most 20 words.
[[blocks]]
id = "{id}-block"
heading = "___ a heading"
facts = ["first-fact"]
text = \"\"\"
___ what the lesson says. **Bold** works; HTML does not.
\"\"\"
# A drawing from images/, and what it shows for those who cannot see it:
# image = "name.svg"
# alt = "..."
"""

ITEM = """
[[items]]
id = "{id}"
# The fact that it tests, and the block that teaches it.
fact = "first-fact"
block = "{block}"
# critical = true: the nurse raises it first, and it needs a second form in other words.
critical = false
# order = "fixed" where the options have an order of their own, such as numbers.
order = "shuffle"
teach_back = "___ an open question in the nurse's own voice, that yes cannot answer"
dont_know = "___ what a patient reads who does not know yet: kind, and what is right"

[[items.forms]]
id = "a"
stem = "___ the question, at most 25 words"

[[items.forms.options]]
id = "right"
text = "___ the right answer"
key = true
feedback = "___ why it is right, at most 45 words"

[[items.forms.options]]
id = "wrong"
text = "___ a wrong answer"
misconception = "first-belief"
feedback = "___ kind: what is right, and why"

[[items.forms.options]]
id = "also-wrong"
text = "___ another one"
misconception = "second-belief"
feedback = "___ kind: what is right, and why"
"""


LANGUAGE = """
# Who reviewed this translation (a role or initials), and on which day. Empty: it is a draft.
reviewed_by = ""
reviewed_on = ""
"""


def new_language(folder: Path, language: str) -> list[Path]:
    """Write a language's folder. Raise CannotWrite if there is one already, or if the source is broken."""
    if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})?", language):
        raise CannotWrite(f"{language!r} is no language code: use one such as es or pt-br")
    if (folder / language).exists():
        raise CannotWrite(f"{folder / language} is there already")
    procedure = read_checked_procedure(folder)
    if not (folder / "procedure.toml").is_file() or any(problem.rule == "loads" for problem in procedure.problems):
        raise CannotWrite(f"{folder} cannot be read; run: quizapp check")
    written = [_write(folder / language / "language.toml", LANGUAGE)]
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
