"""How hard a text is to read: Flesch-Kincaid and SMOG for English, Fernández-Huerta for Spanish."""

import re
from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

import pyphen

from quizapp.content.schema import LessonFile
from quizapp.domain.procedure import Lesson

WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*|\d+(?:[.,/]\d+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+|\n\s*\n|\n(?=\s*[-*]\s)")
_MARKDOWN = re.compile(r"[*_`#>]+")

_HYPHENS = {"en": "en_US", "es": "es"}
# A written vowel group is a syllable, but for an e that is not spoken: "takes", "made", "numbed"; it is in "table".
_ENGLISH_SILENT = re.compile(
    r"(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouysxzcghl])es$|(?<=[aeiouy]l)es$"
)
_ENGLISH_VOWELS = re.compile(r"[aeiouy]+")
# In Spanish each strong or accented vowel is a syllable; weak ones (i, u) lean on it, or make one among themselves.
_SPANISH_SYLLABLE = re.compile(r"[aeoáéíóú]|(?<![aeoáéíóú])[iuü]++(?![aeoáéíóú])")


@dataclass(frozen=True)
class Counts:
    """What the formulas need. `hard` is the number of words of three syllables or more."""

    sentences: int
    words: int
    syllables: int
    hard: int


def sentences(text: str) -> list[list[str]]:
    """Return the words of each sentence. A paragraph and an entry of a list end one too."""
    plain = _MARKDOWN.sub("", text)
    found = [WORD.findall(sentence) for sentence in _SENTENCE_END.split(plain)]
    return [words for words in found if words]


@lru_cache(maxsize=50_000)
def syllables(word: str, language: str) -> int:
    """Return the syllables of one word: the larger of pyphen's parts and the vowel groups.

    Hyphenation alone counts too few: "area" and "body" have no hyphen, and American rules leave "medicine" whole.
    """
    word = word.lower()
    if word[0].isdigit():
        return 1
    hyphenation = pyphen.Pyphen(lang=_HYPHENS.get(language, "en_US"))  # which keeps its dictionaries
    parts = sum(len(hyphenation.positions(part)) + 1 for part in re.split(r"['’\-]", word) if part)
    if language == "es":
        groups = _SPANISH_SYLLABLE.findall(re.sub("y$", "i", word))
    else:
        groups = _ENGLISH_VOWELS.findall(_ENGLISH_SILENT.sub("", word))
    return max(parts, len(groups), 1)


def count(text: str, language: str, allowed: Set[str] = frozenset()) -> Counts:
    """Return the counts of a text. A word of `allowed` (lower case) counts as one syllable: there is no simpler one."""
    found = sentences(text)
    each = [1 if word.lower() in allowed else syllables(word, language) for sentence in found for word in sentence]
    return Counts(len(found), len(each), sum(each), sum(number >= 3 for number in each))


def count_lesson(lesson: Lesson | LessonFile, allowed: Set[str]) -> Counts:
    """Return the counts of an English lesson: its main point and its blocks."""
    return count("\n\n".join([lesson.main, *(block.text for block in lesson.blocks)]), "en", allowed)


def words_in(terms: Iterable[str]) -> frozenset[str]:
    """Return the words of the allowed_terms of a procedure.toml, in lower case, as `count` wants them."""
    return frozenset(word.lower() for term in terms for word in WORD.findall(term))


def flesch_kincaid(counts: Counts) -> float:
    """School grade (US). Kincaid, Fishburne, Rogers, Chissom (1975), Navy Research Branch Report 8-75."""
    if not counts.words:
        return 0.0
    return 0.39 * counts.words / counts.sentences + 11.8 * counts.syllables / counts.words - 15.59


def smog(counts: Counts) -> float:
    """School grade (US). McLaughlin (1969), Journal of Reading 12(8):639-646; made for 30 sentences or more."""
    if not counts.words:
        return 0.0
    return 1.043 * sqrt(counts.hard * 30 / counts.sentences) + 3.1291


def fernandez_huerta(counts: Counts) -> float:
    """Ease from 0 to 100, more is easier. Fernández Huerta (1959), Consigna 214:29-32.

    206.84 - 60 syllables a word - 1.02 words a sentence: the reading of the formula that Law (2011) corrected.
    """
    if not counts.words:
        return 100.0
    return 206.84 - 60 * counts.syllables / counts.words - 1.02 * counts.words / counts.sentences


@dataclass(frozen=True)
class Limit:
    """What a language's text is measured by. `kept(measure, grade)` says whether a school grade is kept to."""

    name: str
    measure: Callable[[Counts], float]
    kept: Callable[[float, int], bool]
    wanted: str


LIMITS = {
    "en": Limit("Flesch-Kincaid grade", flesch_kincaid, lambda value, grade: value <= grade, "at most {grade}"),
    "es": Limit("Fernández-Huerta ease", fernandez_huerta, lambda value, _grade: value >= 70, "at least 70"),
}
