"""Rules on how hard the words are to read, in every language, and on terms being explained."""

import re
from collections.abc import Iterator

from quizapp.content.checks.course import Course, Finding
from quizapp.content.checks.texts import Text
from quizapp.content.readability import LIMITS, WORD, count, sentences
from quizapp.content.skeletons import BLANK

GRADES = {"lesson": 6, "item": 7, "feedback": 7}
SENTENCE_WORDS = 20

_ABBREVIATION = re.compile(r"\b[A-Z]{2,}\b")


def reading_grade(course: Course) -> Iterator[Finding]:
    for texts in _passages(course):
        first = texts[0]
        limit, grade = LIMITS.get(first.language), GRADES[first.kind]
        if limit is None:
            continue
        words = "\n\n".join(text.words for text in texts)
        value = limit.measure(count(words, first.language, course.allowed_terms))
        if not limit.kept(value, grade):
            message = f"{limit.name} of this {_CALLED[first.kind]} is {value:.1f}, wanted is {limit.wanted}".format(
                grade=grade
            )
            mend = f"Shorter words and sentences. {_hardest(words, first.language, course)}"
            yield course.finding("reading-grade", first.path, first.place, first.about, message, mend)


def sentence_length(course: Course) -> Iterator[Finding]:
    for text in course.texts:
        if text.kind == "label" or BLANK in text.words:
            continue
        for words in sentences(text.words):
            if len(words) > SENTENCE_WORDS:
                message = f'the sentence "{" ".join(words[:5])} ..." has {len(words)} words'
                mend = f"Make two of it: at most {SENTENCE_WORDS} words each"
                yield course.finding("sentence-length", text.path, text.place, text.about, message, mend)


def glossary(course: Course) -> Iterator[Finding]:
    written = [text.words for text in course.source_texts if text.kind == "lesson" and BLANK not in text.words]
    lessons = " ".join(" ".join(written).split())
    spellings = {
        term.id: (term.term, *term.also) for term in (course.files.glossary.terms if course.files.glossary else ())
    }
    explained = {word.lower() for names in spellings.values() for name in names for word in WORD.findall(name)}
    used = {word.lower() for word in WORD.findall(lessons)}
    for word in sorted({*_ABBREVIATION.findall(lessons)} | {*course.allowed_terms} & used):
        if word.lower() not in explained:
            path = course.source_file("glossary.toml")
            message = f'lessons use "{word}", and the glossary does not explain it'
            mend = "Add the term, or use a simpler word"
            yield course.finding("glossary", path, (), word.lower(), message, mend)
    for term, names in spellings.items():
        if not any(re.search(rf"\b{re.escape(name)}", lessons, re.I) for name in names):
            path = course.source_file("glossary.toml")
            message = f"no lesson uses the term {term!r}"
            mend = "Take it out, or add the spelling that lessons use to also"
            yield course.finding("glossary", path, ("terms", term), term, message, mend)
    for language in course.translations:
        yield from _translated_glossary(course, language)


def _translated_glossary(course: Course, language: str) -> Iterator[Finding]:
    """A term is shown where a lesson uses it, so a translation's lessons must use its own spelling of each."""
    texts = [text for text in course.texts if text.language == language]
    lessons = " ".join(word for text in texts if text.kind == "lesson" for word in text.words.split()).casefold()
    spellings: dict[str, list[str]] = {}
    for text in texts:
        if text.place[0] == "terms" and text.place[2] in ("term", "also"):
            spellings.setdefault(text.place[1], []).append(text.words)
    path = course.folder / language / "glossary.toml"
    for term, names in spellings.items():
        if not any(name.casefold() in lessons for name in names):
            message = f"no lesson in {language} uses the term {names[0]!r}"
            mend = "Write it as the lessons do, or add their spelling to also"
            yield course.finding("glossary", path, ("terms", term), term, message, mend)


_CALLED = {"lesson": "lesson", "item": "question with its options", "feedback": "feedback"}


def _passages(course: Course) -> Iterator[list[Text]]:
    """What is graded as one: a lesson's words, a stem with its options, each feedback."""
    passages: dict[tuple[str, str, str, str], list[Text]] = {}
    for text in course.texts:
        if text.kind in GRADES:
            own = text.place[-1] if text.kind == "feedback" else ""
            passages.setdefault((text.language, text.kind, text.about, own), []).append(text)
    return (texts for texts in passages.values() if not any(BLANK in text.words for text in texts))


def _hardest(words: str, language: str, course: Course) -> str:
    """The words with the most syllables, for the author to begin with."""
    each = {
        word.lower(): count(word, language).syllables
        for word in WORD.findall(words)
        if word.lower() not in course.allowed_terms
    }
    hard = sorted((word for word in each if each[word] >= 3), key=lambda word: (-each[word], word))[:5]
    return f"Longest words: {', '.join(hard)}" if hard else "No word is long: shorten the sentences"
