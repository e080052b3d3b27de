"""Edits to copies of content, for tests of the checker: each plants one flaw, whatever the words are."""

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

from quizapp.content.checks.rules import read_checked_procedure
from quizapp.content.checks.translations import source_hash, source_tables

Plant = Callable[[Path], None]

OPTION = r"\[\[items\.forms\.options\]\]\nid = "


def write_translation(folder: Path, language: str = "xx", words: str = "La luz.") -> None:
    """A complete and current translation in which every text is `words`; options add their id, to differ."""
    course = read_checked_procedure(folder)
    (folder / language / "lessons").mkdir(parents=True)
    (folder / language / "language.toml").write_text('reviewed_by = ""\nreviewed_on = ""\n')
    for name, tables in source_tables(course).items():
        lines = []
        for place, fields in sorted(tables.items()):
            lines += [f"[{'.'.join(place)}]"] if place else []
            lines.append(f'of = "{source_hash(fields)}"')
            for field, source in fields.items():
                own = f"{words.rstrip('.')} {place[-1]}." if field == "text" and "options" in place else words
                given = [own] * len(source) if field in ("about", "also") else own
                lines.append(f"{field} = {json.dumps(given)}")
        (folder / language / name).write_text("\n".join(lines) + "\n")


def lessons(folder: Path) -> list[Path]:
    return sorted((folder / "en" / "lessons").glob("*.toml"))


def swap(pattern: str, new: str, name: str = "") -> Plant:
    """Replace the first match in a file, or in the first lesson that has one."""

    def plant(folder: Path) -> None:
        for file in [folder / name] if name else lessons(folder):
            text = file.read_text()
            changed = re.sub(pattern, lambda match: match.expand(new), text, count=1, flags=re.M)
            if changed != text:
                file.write_text(changed)
                return
        raise AssertionError(f"nothing matches {pattern!r}")

    return plant


def add(name: str, text: str) -> Plant:
    def plant(folder: Path) -> None:
        file = folder / name
        file.write_text(file.read_text() + "\n" + text + "\n")

    return plant


def every_lesson(change: Callable[[str], str]) -> Plant:
    def plant(folder: Path) -> None:
        for file in lessons(folder):
            file.write_text(change(file.read_text()))

    return plant


def first_options(*texts: str) -> Plant:
    """Give the first form's options these texts."""

    def plant(folder: Path) -> None:
        file = lessons(folder)[0]
        chunks = re.split(r"(?m)^(?=\[\[)", file.read_text())
        left = list(texts)
        for number, chunk in enumerate(chunks):
            if left and chunk.startswith("[[items.forms.options]]"):
                chunks[number] = re.sub(r'(?m)^text = ".*"$', f'text = "{left.pop(0)}"', chunk)
        file.write_text("".join(chunks))

    return plant


def key_first(text: str) -> str:
    """A lesson's text with the key first in every form."""
    ordered: list[str] = []
    options: list[str] = []
    for chunk in [*re.split(r"(?m)^(?=\[\[)", text), ""]:
        if chunk.startswith("[[items.forms.options]]"):
            options.append(chunk.rstrip("\n") + "\n\n")
            continue
        ordered += sorted(options, key=lambda option: "key = true" not in option)
        options = []
        ordered.append(chunk)
    return "".join(ordered)


def two_options_at_the_end(text: str) -> str:
    """A lesson's text with two options in its last form."""
    end = text.rindex("[[items.forms]]")
    form, *options = re.split(r"(?m)^(?=\[\[items\.forms\.options)", text[end:])
    return text[:end] + form + "".join(options[:2])


def long_keys(text: str) -> str:
    return re.sub(r'(?m)^(text = ".*)"\nkey = true', r'\1 for you and others"\nkey = true', text)


def short_keys(text: str) -> str:
    return re.sub(r'(?m)^text = ".*"\nkey = true', 'text = "No"\nkey = true', text)


def one_belief(text: str) -> str:
    """A lesson's text in which all distractors stand for the belief of the first."""
    belief = re.findall(r'(?m)^misconception = ".*"', text)[0]
    return re.sub(r'(?m)^misconception = ".*"', belief, text)


def first_key(text: str) -> Plant:
    return swap(r'^text = ".*"\nkey', f'text = "{text}"\nkey')


def same_stems(folder: Path) -> None:
    for file in lessons(folder):
        text = file.read_text()
        for item in tomllib.loads(text)["items"]:
            if len(item["forms"]) > 1:
                one, other = (json.dumps(form["stem"], ensure_ascii=False) for form in item["forms"][:2])
                assert other in text
                file.write_text(text.replace(other, one))
                return


def with_translation(then: Callable[[Path], None]) -> Plant:
    def plant(folder: Path) -> None:
        write_translation(folder)
        then(folder)

    return plant


def several(*plants: Plant) -> Plant:
    def plant(folder: Path) -> None:
        for each in plants:
            each(folder)

    return plant


def drawn(folder: Path) -> None:
    """Give the first block a drawing, with its text alternative."""
    (folder / "images").mkdir()
    (folder / "images" / "bell.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>')
    swap(r"^(facts = \[.*\])$", r'\1\nimage = "bell.svg"\nalt = "A bell."')(folder)


def fact_of_first_item(folder: Path) -> str:
    return str(tomllib.loads(lessons(folder)[0].read_text())["items"][0]["fact"])


def unasked(folder: Path) -> None:
    """Mark the first item's fact as one that must not be asked."""
    swap(rf'^id = "{fact_of_first_item(folder)}"$', r'\g<0>\nquiz = false\nquiz_reason = "a claim"', "en/facts.toml")(
        folder
    )


def other_block(folder: Path) -> None:
    """Let the first item point back to a block that does not teach its fact."""
    fact = fact_of_first_item(folder)
    swap(rf'^facts = \[.*"{fact}".*\]$', 'facts = ["another"]')(folder)
    add("en/facts.toml", '[[facts]]\nid = "another"\ntext = "It is so."\nsection = "x"\nparagraph = 1')(folder)


BIG_WORDS = "Intraspinal pharmacological administration necessitates interdisciplinary communication."
MANY = "one two red blue green house tree door road ".strip()

# One flaw for each rule, planted in content whose words this file does not know.
FLAWS: dict[str, Plant] = {
    "loads": add("en/facts.toml", "[["),
    "references": swap(r'^fact = ".*"', 'fact = "nowhere"'),
    "unique-ids": add("en/glossary.toml", '[[terms]]\nid = "x"\nterm = "x"\nmeaning = "X."\n' * 2),
    "reserved-id": swap(OPTION + '".*"', '[[items.forms.options]]\nid = "dont-know"'),
    "blank": swap(r'^main = ".*"', 'main = "___ what to remember"'),
    "one-key": swap(r"^key = true\n", ""),
    "option-count": every_lesson(two_options_at_the_end),
    "quiz-fact": unasked,
    "quiz-reason": add(
        "en/facts.toml", '[[facts]]\nid = "x"\ntext = "It is so."\nsection = "x"\nparagraph = 1\nquiz = false'
    ),
    "taught-first": other_block,
    "critical-tested": add(
        "en/facts.toml", '[[facts]]\nid = "x"\ntext = "It is so."\nsection = "x"\nparagraph = 1\ncritical = true'
    ),
    "misconception": swap(r'^misconception = ".*"\n', ""),
    "second-form": swap(
        r'^(id = ".*"\nfact = ".*"\nblock = ".*"\n)(?:critical = false\n)?(?!critical)', r"\1critical = true\n"
    ),
    "stems-alike": same_stems,
    "teach-back": swap(r'^teach_back = ".*"', 'teach_back = "Do you know where it is?"'),
    "all-or-none": first_options("All of the above"),
    "negative-stem": swap(r'^stem = ".*"', 'stem = "Which of these is not so?"'),
    "absolute-option": first_options("It always hurts"),
    "word-limit": swap(r'^stem = ".*"', f'stem = "{MANY} {MANY} {MANY}"'),
    "key-length": swap(r'^text = "(.*)"\nkey', r'text = "\1 \1 \1"\nkey'),
    "key-longest": every_lesson(long_keys),
    "key-shortest": every_lesson(short_keys),
    "key-position": every_lesson(key_first),
    "key-hedged": swap(r'^text = "(.*)"\nkey', r'text = "Perhaps \1"\nkey'),
    "stem-echo": swap(
        r'^stem = "(.*)"((?:\n(?!stem).*)*?)\ntext = "(.*)"\nkey',
        r'stem = "Walruses: \1"\2\ntext = "A walrus \3"\nkey',
    ),
    "given-away": several(
        swap(r'^short = ".*"', 'short = "All about walruses."', "en/procedure.toml"), first_key("Walruses, walruses")
    ),
    "options-alike": first_options("The same", "the  same!"),
    "key-stands-alone": every_lesson(one_belief),
    "number-drift": swap(r'^dont_know = "', 'dont_know = "It takes 77 days. '),
    "clue-word": swap(
        r'^stem = "(.*)"((?:\n(?!stem).*)*?)\ntext = "(.*)"\nkey', r'stem = "Walrus: \1"\2\ntext = "Walrus \3"\nkey'
    ),
    "numbers-in-order": first_options("3 days", "1 day", "2 days", "4 days"),
    "one-kind": first_options("7"),
    "no-markup": swap(r'^main = ".*"', 'main = "Read <b>this</b>."'),
    "reading-grade": swap(r'^dont_know = ".*"', f'dont_know = "{BIG_WORDS}"'),
    "sentence-length": swap(r'^main = ".*"', f'main = "{MANY} {MANY} {MANY}."'),
    "varies-note": add(
        "en/facts.toml", '[[facts]]\nid = "x"\ntext = "It is so."\nsection = "x"\nparagraph = 1\nvaries = "It differs."'
    ),
    "glossary": swap(r'^main = ".*"', 'main = "Ask for an XYZ."'),
    "image-exists": swap(r"^(facts = \[.*\])$", r'\1\nimage = "no-such.svg"\nalt = "A tree."'),
    "image-alt": swap(r"^(facts = \[.*\])$", r'\1\nalt = "A tree."'),
    "translation-complete": with_translation(lambda folder: (folder / "xx" / "facts.toml").unlink()),
    "translation-structure": with_translation(swap(r'^name = ".*"', r"\g<0>\nkey = true", "xx/misconceptions.toml")),
    "translation-stale": with_translation(swap(r'^of = ".*"', 'of = "0123456789ab"', "xx/facts.toml")),
    "suppression": add("procedure.toml", '[[suppress]]\nrule = "no-such"\nid = "x"\nreason = "none"'),
}
