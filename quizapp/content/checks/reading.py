"""Rules on how hard the words are to read, in every language, and on explaining terms."""

import re
from collections.abc import Iterator

from quizapp.content.checks.rules import CheckedProcedure, Finding, rule
from quizapp.content.checks.texts import Text
from quizapp.content.readability import LIMITS, WORD, count, sentences
from quizapp.content.schema import BLANK

GRADES = {"lesson": 6, "item": 7, "feedback": 7}
SENTENCE_WORDS = 20

_ABBREVIATION = re.compile(r"\b[A-Z]{2,}\b")


@rule(
    "reading-grade",
    "Lessons to grade 6, questions and feedback to grade 7; Spanish to an ease of 70",
    "Four in ten adults struggle with health text. Flesch-Kincaid (1975) for English, Fernández-Huerta "
    "(1959) for Spanish; allowed_terms of procedure.toml do not count against it.",
)
def reading_grade(procedure: CheckedProcedure) -> Iterator[Finding]:
    for texts in _passages(procedure):
        first = texts[0]
        limit, grade = LIMITS.get(first.language), GRADES[first.kind]
        if limit is None:
            continue
        words = "\n\n".join(text.words for text in texts)
        value = limit.measure(count(words, first.language, procedure.allowed_terms))
        if not limit.kept(value, grade):
            message = f"{limit.name} of this {_CALLED[first.kind]} is {value:.1f}, wanted is {limit.wanted}".format(
                grade=grade
            )
            fix = f"Shorter words and sentences. {_hardest(words, first.language, procedure)}"
            yield procedure.finding("reading-grade", first.path, first.place, first.about, message, fix)


@rule(
    "sentence-length",
    "Sentences of at most 20 words",
    "A tired reader loses the beginning of a longer one.",
)
def sentence_length(procedure: CheckedProcedure) -> Iterator[Finding]:
    for text in procedure.texts:
        if text.kind == "label" or BLANK in text.words:
            continue
        for words in sentences(text.words):
            if len(words) > SENTENCE_WORDS:
                message = f'the sentence "{" ".join(words[:5])} ..." has {len(words)} words'
                fix = f"Make two of it: at most {SENTENCE_WORDS} words each"
                yield procedure.finding("sentence-length", text.path, text.place, text.about, message, fix)


@rule(
    "glossary",
    "The glossary has every abbreviation and allowed term of the lessons, and no others",
    "A term that has to stay must be explained the first time it is used.",
    whole=True,
)
def glossary(procedure: CheckedProcedure) -> Iterator[Finding]:
    written = [text.words for text in procedure.source_texts if text.kind == "lesson" and BLANK not in text.words]
    lessons = " ".join(" ".join(written).split())
    spellings = {
        term.id: (term.term, *term.also)
        for term in (procedure.files.glossary.terms if procedure.files.glossary else ())
    }
    explained = {word.lower() for names in spellings.values() for name in names for word in WORD.findall(name)}
    used = {word.lower() for word in WORD.findall(lessons)}
    for word in sorted({*_ABBREVIATION.findall(lessons)} | {*procedure.allowed_terms} & used):
        if word.lower() not in explained:
            path = procedure.source_file("glossary.toml")
            message = f'lessons use "{word}", and the glossary does not explain it'
            fix = "Add the term, or use a simpler word"
            yield procedure.finding("glossary", path, (), word.lower(), message, fix)
    for term, names in spellings.items():
        if not any(re.search(rf"\b{re.escape(name)}", lessons, re.I) for name in names):
            path = procedure.source_file("glossary.toml")
            message = f"no lesson uses the term {term!r}"
            fix = "Remove it, or add the spelling that lessons use to also"
            yield procedure.finding("glossary", path, ("terms", term), term, message, fix)
    for language in procedure.translations:
        yield from _translated_glossary(procedure, language)


def _translated_glossary(procedure: CheckedProcedure, language: str) -> Iterator[Finding]:
    """A term is explained if a lesson uses it, so a translation's lessons must use its own spelling of each."""
    texts = [text for text in procedure.texts if text.language == language]
    written = " ".join(text.words for text in texts if text.kind == "lesson")
    lessons = " ".join(written.split()).casefold()
    spellings: dict[str, list[str]] = {}
    for text in texts:
        if text.place[0] == "terms" and text.place[2] in ("term", "also"):
            spellings.setdefault(text.place[1], []).append(text.words)
    path = procedure.folder / language / "glossary.toml"
    for term, names in spellings.items():
        if not any(name.casefold() in lessons for name in names):
            message = f"no lesson in {language} uses the term {names[0]!r}"
            fix = "Write it as the lessons do, or add their spelling to also"
            yield procedure.finding("glossary", path, ("terms", term), term, message, fix)


_CALLED = {"lesson": "lesson", "item": "question with its options", "feedback": "feedback"}


def _passages(procedure: CheckedProcedure) -> Iterator[list[Text]]:
    """What is graded together: a lesson's words, a stem with its options, each feedback."""
    passages: dict[tuple[str, str, str, str], list[Text]] = {}
    for text in procedure.texts:
        if text.kind in GRADES:
            own = text.place[-1] if text.kind == "feedback" else ""
            passages.setdefault((text.language, text.kind, text.about, own), []).append(text)
    return (texts for texts in passages.values() if not any(BLANK in text.words for text in texts))


def _hardest(words: str, language: str, procedure: CheckedProcedure) -> str:
    """The words with the most syllables, where the author can begin."""
    each = {
        word.lower(): count(word, language).syllables
        for word in WORD.findall(words)
        if word.lower() not in procedure.allowed_terms
    }
    hard = sorted((word for word in each if each[word] >= 3), key=lambda word: (-each[word], word))[:5]
    return f"Longest words: {', '.join(hard)}" if hard else "No word is long: shorten the sentences"
