"""Rules on the words of one item: stems, options, teach-back lines, and clues that give the key away.

The flaws are those of Haladyna, Downing, Rodriguez (2002), Applied Measurement in Education 15(3):309-334.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, combinations

from quizapp.content.checks.checked_procedure import Course, Finding
from quizapp.content.checks.texts import Text
from quizapp.content.readability import WORD
from quizapp.content.skeletons import BLANK

STEM_WORDS = 25
OPTION_WORDS = 15
FEEDBACK_WORDS = 45
ALIKE = 0.6  # share of content words that two stems may have in common

# By language. A translation can bring in a clue, too.
_ALL_OR_NONE = {
    "en": re.compile(
        r"\b(all|none|both|neither|any) of (the above|these|them|those)\b|\bboth [a-d] and [a-d]\b", re.I
    ),
    "es": re.compile(
        r"\b(tod[ao]s|ningun[ao]|amb[ao]s|cualquiera) (l[ao]s |de )?(l[ao]s )?(anteriores|est[ao]s|es[ao]s)\b"
        r"|\btodo lo anterior\b|\bnada de lo anterior\b",
        re.I,
    ),
}
_NEGATIVE = {
    "en": re.compile(r"\b(not|except|never|cannot|least)\b|n['’]t\b", re.I),
    "es": re.compile(r"\b(excepto|salvo|menos|nunca|jamás)\b|\b(qué|cuál|cuáles|quién|dónde) no\b", re.I),
}
_ABSOLUTE = {
    "en": re.compile(r"\b(always|never)\b", re.I),
    "es": re.compile(r"\b(siempre|nunca|jamás)\b", re.I),
}
_NUMBER = re.compile(r"^\s*(?:about\s+|around\s+|up to\s+)?(\d+(?:[.,]\d+)?)", re.I)
_CLOSED = re.compile(
    r"^(is|are|was|were|do|does|did|will|has|have|had|should|may|might|must|would you say that|can you remember)\b",
    re.I,
)
_OPEN = re.compile(r"\b(what|how|where|when|why|which|who|tell|show|explain|describe)\b", re.I)
_MARKUP = re.compile(r"<[A-Za-z/!][^>]*>|\]\(")
# Words of three letters and less, and these, stand in too many sentences to give a key away.
_EVERYDAY = frozenset(
    WORD.findall(
        """about after again also been before being came come comes does done down each even ever from gets give gives
        goes good have help helps here high into just keep know less like little made make makes many more most much
        must need needs next once only onto other over part people same says should some such take takes than that
        their them then there these they thing things this those through time very want well were what when where
        which while will with work works would your yours"""
    )
)
RARE = 2  # forms that a word may stand in and still be rare


def all_or_none(course: Course) -> Iterator[Finding]:
    for text in _in_each_language(course, "text"):
        if text.kind == "item" and _said(_ALL_OR_NONE, text):
            about = f"{text.about}/{text.place[-2]}"
            message, mend = f'"{text.words}" speaks of the other options', "Say one belief in its own words"
            yield course.finding("all-or-none", text.path, text.place, about, message, mend)


def negative_stem(course: Course) -> Iterator[Finding]:
    for text in _in_each_language(course, "stem"):
        if found := _said(_NEGATIVE, text):
            message = f'the stem says "{found}"'
            mend = "Ask for what is so: a small word like this is easily read over"
            yield course.finding("negative-stem", text.path, text.place, text.about, message, mend)


def absolute_option(course: Course) -> Iterator[Finding]:
    for text in _in_each_language(course, "text"):
        if text.kind == "item" and (found := _said(_ABSOLUTE, text)):
            message, mend = f'an option says "{found}"', "Say it without: such words give an option away"
            yield course.finding("absolute-option", text.path, text.place, text.about, message, mend)


def word_limits(course: Course) -> Iterator[Finding]:
    limits = {"stem": STEM_WORDS, "text": OPTION_WORDS, "feedback": FEEDBACK_WORDS, "dont_know": FEEDBACK_WORDS}
    for text in course.texts:
        limit = limits.get(text.place[-1])
        words = len(WORD.findall(text.words))
        if text.kind in ("item", "feedback") and limit and words > limit and BLANK not in text.words:
            message, mend = f"{text.place[-1]} has {words} words", f"Say it in {limit} or fewer"
            yield course.finding("word-limit", text.path, text.place, text.about, message, mend)


def teach_back(course: Course) -> Iterator[Finding]:
    for text in _texts(course, "teach_back"):
        if _CLOSED.search(text.words) or not _OPEN.search(text.words):
            message = "yes could answer the teach-back line"
            mend = "Ask with what, how, where or why: could you tell me in your own words ...?"
            yield course.finding("teach-back", text.path, text.place, text.about, message, mend)


def stems_alike(course: Course) -> Iterator[Finding]:
    for placed in course.items():
        for first, second in combinations(placed.item.forms, 2):
            one, other = _content(first.stem), _content(second.stem)
            if BLANK not in first.stem + second.stem and len(one & other) > ALIKE * len(one | other):
                place = (*placed.place, "forms", second.id, "stem")
                message = f"the stems of {first.id!r} and {second.id!r} are nearly the same"
                mend = "Ask from another side: the retry is there for who did not follow the first wording"
                about = f"{placed.item.id}/{second.id}"
                yield course.finding("stems-alike", placed.path, place, about, message, mend)


def clue_word(course: Course) -> Iterator[Finding]:
    forms = list(course.forms())
    used = Counter(word for form in forms for word in _content(form.all_words))
    for form in forms:
        shared = {word for word in _content(form.form.stem) & _content(form.key.text) if used[word] <= RARE}
        for option in form.distractors:
            shared -= _content(option.text)
        if shared:
            word = min(shared)
            message = f'"{word}" stands in the stem and in the key alone'
            mend = "Use another word in one of them, or use it in a distractor too"
            place = (*form.place, "options", form.key.id, "text")
            yield course.finding("clue-word", form.path, place, form.id, message, mend)


def numbers_in_order(course: Course) -> Iterator[Finding]:
    for form in course.forms():
        matches = [_NUMBER.match(option.text) for option in form.form.options]
        numbers = [float(match[1].replace(",", ".")) for match in matches if match]
        if len(numbers) < len(matches):
            continue
        if numbers not in (sorted(numbers), sorted(numbers, reverse=True)) or form.of.item.order != "fixed":
            message = "options that are numbers are not in order, or are shuffled"
            mend = 'Put them in order and write order = "fixed"'
            yield course.finding("numbers-in-order", form.path, form.place, form.id, message, mend)


def one_kind(course: Course) -> Iterator[Finding]:
    for form in chain.from_iterable(course.forms_in_each_language()):
        if len({_kind(option.text) for option in form.form.options}) > 1:
            message = "the options are not of one kind: some are numbers, sentences or begin small, and others are not"
            mend = "Give them one shape: all numbers, all whole sentences with a full stop, or all short phrases"
            yield course.finding("one-kind", form.path, form.place, form.id, message, mend)


def key_length(course: Course) -> Iterator[Finding]:
    for form in chain.from_iterable(course.forms_in_each_language()):
        others = [len(option.text) for option in form.distractors]
        mean = sum(others) / len(others)
        if len(form.key.text) > 1.4 * mean:
            message = f"the key has {len(form.key.text)} characters, the others {mean:.0f} on average"
            mend = "Shorten the key or say more in the others: the longest option looks right"
            place = (*form.place, "options", form.key.id, "text")
            yield course.finding("key-length", form.path, place, form.id, message, mend)


def no_markup(course: Course) -> Iterator[Finding]:
    for text in course.texts:
        if found := _MARKUP.search(text.words):
            message = f'"{found[0]}" would be shown as it stands'
            mend = "Take HTML and links out; **bold** and lists work"
            yield course.finding("no-markup", text.path, text.place, text.about, message, mend)


def _texts(course: Course, name: str) -> Iterator[Text]:
    """The source language's finished texts with this name (stem, text, teach_back ...) of items."""
    return (text for text in _in_each_language(course, name) if text.language == course.source)


def _in_each_language(course: Course, name: str) -> Iterator[Text]:
    return (
        text
        for text in course.texts
        if text.place[0] == "items" and text.place[-1] == name and BLANK not in text.words
    )


def _said(patterns: dict[str, re.Pattern[str]], text: Text) -> str:
    """What of the language's pattern the text says; "" where there is nothing, or no pattern for the language."""
    pattern = patterns.get(text.language)
    found = pattern.search(text.words) if pattern else None
    return found[0] if found else ""


def _content(text: str) -> set[str]:
    """The words that carry meaning, in small letters and without a plural s."""
    words = {word.lower() for word in WORD.findall(text)}
    return {word.removesuffix("s") for word in words if len(word) > 3 and word not in _EVERYDAY}


def _kind(text: str) -> tuple[bool, bool, bool]:
    stripped = text.strip()
    return bool(_NUMBER.match(stripped)), stripped[-1:] in ".?!", stripped[:1].islower()
