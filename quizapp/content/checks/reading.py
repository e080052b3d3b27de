"""Rules on how hard the words are to read, in every language, and on explaining terms."""

import re
from collections.abc import Iterator

from quizapp.content.checks.rules import CheckedProcedure, Found, rule
from quizapp.content.checks.texts import Text
from quizapp.content.readability import LIMITS, WORD, count, sentences, syllables

GRADES = {"lesson": 6, "item": 7, "feedback": 7}
SENTENCE_WORDS = 20

_CALLED = {"lesson": "lesson", "item": "question with its options", "feedback": "feedback"}
_ABBREVIATION = re.compile(r"\b[A-Z]{2,}\b")


@rule("reading-grade", "Lessons to grade 6, questions and feedback to grade 7; Spanish to an ease of 70")
def reading_grade(procedure: CheckedProcedure) -> Found:
    """Four in ten adults struggle with health text. Flesch-Kincaid (1975) for English, Fernández-Huerta
    (1959) for Spanish; allowed_terms of procedure.toml do not count against it.
    """
    for texts in _passages(procedure):
        first = texts[0]
        limit, grade = LIMITS.get(first.language), GRADES[first.kind]
        if limit is None:
            continue
        words = "\n\n".join(text.words for text in texts)
        value = limit.measure(count(words, first.language, procedure.allowed_terms))
        if not limit.kept(value, grade):
            wanted = limit.wanted.format(grade=grade)
            message = f"{limit.name} of this {_CALLED[first.kind]} is {value:.1f}, wanted is {wanted}"
            yield first, message, f"Shorter words and sentences. {_hardest(words, first.language, procedure)}"


@rule("sentence-length", "Sentences of at most 20 words")
def sentence_length(procedure: CheckedProcedure) -> Found:
    """A tired reader loses the beginning of a longer one."""
    for text in procedure.every_text():
        if text.kind == "label" or text.is_blank:
            continue
        for words in sentences(text.words):
            if len(words) > SENTENCE_WORDS:
                message = f'the sentence "{" ".join(words[:5])} ..." has {len(words)} words'
                yield text, message, f"Make two of it: at most {SENTENCE_WORDS} words each"


@rule("glossary", "The glossary has every abbreviation and allowed term of the lessons, and no others", whole=True)
def glossary(procedure: CheckedProcedure) -> Found:
    """A term that has to stay must be explained the first time it is used, in each language by its own words."""
    lessons, spellings = _lessons_and_spellings(procedure, procedure.source)
    explained = {word.lower() for names in spellings.values() for name in names for word in WORD.findall(name)}
    used = {word.lower() for word in WORD.findall(lessons)}
    for word in sorted({*_ABBREVIATION.findall(lessons)} | {*procedure.allowed_terms} & used):
        if word.lower() not in explained:
            message = f'lessons use "{word}", and the glossary does not explain it'
            yield procedure.at("glossary.toml", id=word.lower()), message, "Add the term, or use a simpler word"
    for language in procedure.languages:
        lessons, spellings = _lessons_and_spellings(procedure, language)
        for term, names in spellings.items():
            if not any(re.search(rf"\b{re.escape(name)}", lessons, re.I) for name in names):
                fix = "Remove it, write it as the lessons do, or add their spelling to also"
                message = f"no lesson in {language} uses the term {names[0]!r}"
                yield procedure.at("glossary.toml", "terms", term, language=language), message, fix


def _lessons_and_spellings(procedure: CheckedProcedure, language: str) -> tuple[str, dict[str, list[str]]]:
    """Return the words of all lessons in a language, and each term of the glossary with its other spellings."""
    texts = procedure.texts[language]
    lessons = " ".join(text.words for text in texts if text.kind == "lesson" and not text.is_blank)
    spellings: dict[str, list[str]] = {}
    for text in texts:
        if text.place[0] == "terms" and text.place[2] in ("term", "also"):
            spellings.setdefault(text.id, []).append(text.words)
    return " ".join(lessons.split()), spellings


def _passages(procedure: CheckedProcedure) -> Iterator[list[Text]]:
    """Return what is graded together: a lesson's words, a stem with its options, each feedback."""
    passages: dict[tuple[str, str, str], list[Text]] = {}
    for text in procedure.every_text():
        if text.kind in GRADES:
            passages.setdefault((text.language, text.kind, text.id), []).append(text)
    return (texts for texts in passages.values() if not any(text.is_blank for text in texts))


def _hardest(words: str, language: str, procedure: CheckedProcedure) -> str:
    """Name the words with the most syllables, with which the author can begin."""
    each = {word: syllables(word, language) for word in {*WORD.findall(words.lower())} - procedure.allowed_terms}
    hard = sorted((word for word in each if each[word] >= 3), key=lambda word: (-each[word], word))[:5]
    return f"Longest words: {', '.join(hard)}" if hard else "No word is long: shorten the sentences"
