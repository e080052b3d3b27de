"""Rules on the wording of one item: stems, options, teach-back lines, and clues that give the key away.

The flaws are those of Haladyna, Downing, Rodriguez (2002), Applied Measurement in Education 15(3):309-334.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, combinations

from quizapp.content.checks.rules import CheckedProcedure, Finding, rule
from quizapp.content.checks.texts import Text
from quizapp.content.readability import WORD
from quizapp.content.schema import BLANK

STEM_WORDS = 25
OPTION_WORDS = 15
FEEDBACK_WORDS = 45
ALIKE = 0.6  # share of content words that two stems may have in common

# By language: a translation can add a clue, too.
_ALL_OR_NONE = {
    "en": re.compile(r"\b(all|none|both|neither|any) of (the above|these|them|those)\b|\bboth [a-d] and [a-d]\b", re.I),
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
# Words of at most three letters, and these, occur in too many sentences to give a key away.
_EVERYDAY = frozenset(
    WORD.findall(
        """about after again also been before being came come comes does done down each even ever from gets give gives
        goes good have help helps here high into just keep know less like little made make makes many more most much
        must need needs next once only onto other over part people same says should some such take takes than that
        their them then there these they thing things this those through time very want well were what when where
        which while will with work works would your yours"""
    )
)
RARE = 2  # forms that may contain a word that still counts as rare


@rule(
    "all-or-none",
    'No "all of the above" or "none of the above"',
    "They test logic and express no misconception. The options are shuffled, too.",
)
def all_or_none(procedure: CheckedProcedure) -> Iterator[Finding]:
    for text in _in_each_language(procedure, "text"):
        if text.kind == "item" and _said(_ALL_OR_NONE, text):
            about = f"{text.about}/{text.place[-2]}"
            message, fix = f'"{text.words}" speaks of the other options', "Express one misconception in its own words"
            yield procedure.finding("all-or-none", text.path, text.place, about, message, fix)


@rule(
    "negative-stem",
    "No negative stem",
    'A small "not" is easily overlooked, above all in pain or in a second language.',
)
def negative_stem(procedure: CheckedProcedure) -> Iterator[Finding]:
    for text in _in_each_language(procedure, "stem"):
        if found := _said(_NEGATIVE, text):
            message = f'the stem says "{found}"'
            fix = "Ask for what is true: a small word like this is easily overlooked"
            yield procedure.finding("negative-stem", text.path, text.place, text.about, message, fix)


@rule(
    "absolute-option",
    'No "always" or "never" in options',
    "Test-wise readers know that such options are usually wrong.",
)
def absolute_option(procedure: CheckedProcedure) -> Iterator[Finding]:
    for text in _in_each_language(procedure, "text"):
        if text.kind == "item" and (found := _said(_ABSOLUTE, text)):
            message, fix = f'an option says "{found}"', "Leave the word out: such words give an option away"
            yield procedure.finding("absolute-option", text.path, text.place, text.about, message, fix)


@rule(
    "word-limit",
    "Stems of at most 25 words, options of 15, feedback of 45",
    "People do not read what they have to scroll to.",
)
def word_limits(procedure: CheckedProcedure) -> Iterator[Finding]:
    limits = {"stem": STEM_WORDS, "text": OPTION_WORDS, "feedback": FEEDBACK_WORDS, "dont_know": FEEDBACK_WORDS}
    for text in procedure.texts:
        limit = limits.get(text.place[-1])
        words = len(WORD.findall(text.words))
        if text.kind in ("item", "feedback") and limit and words > limit and BLANK not in text.words:
            message, fix = f"{text.place[-1]} has {words} words", f"Use {limit} words or fewer"
            yield procedure.finding("word-limit", text.path, text.place, text.about, message, fix)


@rule(
    "teach-back",
    "The teach-back line is an open question",
    "A yes tells the nurse nothing. What a patient says in their own words does.",
)
def teach_back(procedure: CheckedProcedure) -> Iterator[Finding]:
    for text in _texts(procedure, "teach_back"):
        if _CLOSED.search(text.words) or not _OPEN.search(text.words):
            message = "yes could answer the teach-back line"
            fix = "Ask with what, how, where or why: could you tell me in your own words ...?"
            yield procedure.finding("teach-back", text.path, text.place, text.about, message, fix)


@rule(
    "stems-alike",
    "The forms of an item have different stems",
    "The retry is for patients who did not follow the first wording.",
)
def stems_alike(procedure: CheckedProcedure) -> Iterator[Finding]:
    for placed in procedure.items():
        for first, second in combinations(placed.item.forms, 2):
            one, other = content_words(first.stem), content_words(second.stem)
            if BLANK not in first.stem + second.stem and len(one & other) > ALIKE * len(one | other):
                place = (*placed.place, "forms", second.id, "stem")
                message = f"the stems of {first.id!r} and {second.id!r} are nearly the same"
                fix = "Ask from another angle: the retry is for patients who did not follow the first wording"
                about = f"{placed.item.id}/{second.id}"
                yield procedure.finding("stems-alike", placed.path, place, about, message, fix)


@rule(
    "clue-word",
    "No rare word is in the stem and in the key only",
    "An echo of the question gives the answer away without any knowledge.",
)
def clue_word(procedure: CheckedProcedure) -> Iterator[Finding]:
    forms = list(procedure.forms())
    used = Counter(word for form in forms for word in content_words(form.all_words))
    for form in forms:
        shared = {word for word in content_words(form.form.stem) & content_words(form.key.text) if used[word] <= RARE}
        for option in form.distractors:
            shared -= content_words(option.text)
        if shared:
            word = min(shared)
            message = f'"{word}" is in the stem and in the key only'
            fix = "Use another word in one of them, or use it in a distractor too"
            place = (*form.place, "options", form.key.id, "text")
            yield procedure.finding("clue-word", form.path, place, form.id, message, fix)


@rule(
    "numbers-in-order",
    "Options that are numbers are in order",
    "Searching a shuffled row of numbers is work that teaches nothing.",
)
def numbers_in_order(procedure: CheckedProcedure) -> Iterator[Finding]:
    for form in procedure.forms():
        matches = [_NUMBER.match(option.text) for option in form.form.options]
        numbers = [float(match[1].replace(",", ".")) for match in matches if match]
        if len(numbers) < len(matches):
            continue
        if numbers not in (sorted(numbers), sorted(numbers, reverse=True)) or form.of.item.order != "fixed":
            message = "options that are numbers are not in order, or are shuffled"
            fix = 'Put them in order and write order = "fixed"'
            yield procedure.finding("numbers-in-order", form.path, form.place, form.id, message, fix)


@rule(
    "one-kind",
    "All options of a form are of one kind",
    "The odd one out draws the eye, right or not.",
)
def one_kind(procedure: CheckedProcedure) -> Iterator[Finding]:
    for form in chain.from_iterable(procedure.forms_in_each_language()):
        if len({_kind(option.text) for option in form.form.options}) > 1:
            message = "the options are not of one kind: some are numbers, sentences or begin small, and others are not"
            fix = "Give them one shape: all numbers, all whole sentences with a full stop, or all short phrases"
            yield procedure.finding("one-kind", form.path, form.place, form.id, message, fix)


@rule(
    "key-length",
    "The key is at most 1.4 times as long as the other options on average",
    "The longest option looks right. Then the quiz measures test-wiseness.",
)
def key_length(procedure: CheckedProcedure) -> Iterator[Finding]:
    for form in chain.from_iterable(procedure.forms_in_each_language()):
        others = [len(option.text) for option in form.distractors]
        mean = sum(others) / len(others)
        if len(form.key.text) > 1.4 * mean:
            message = f"the key has {len(form.key.text)} characters, the others {mean:.0f} on average"
            fix = "Shorten the key or say more in the others: the longest option looks right"
            place = (*form.place, "options", form.key.id, "text")
            yield procedure.finding("key-length", form.path, place, form.id, message, fix)


@rule(
    "no-markup",
    "No HTML and no links in texts",
    "Patients would see them as text.",
)
def no_markup(procedure: CheckedProcedure) -> Iterator[Finding]:
    for text in procedure.texts:
        if found := _MARKUP.search(text.words):
            message = f'"{found[0]}" would be shown as text'
            fix = "Remove HTML and links; **bold** and lists work"
            yield procedure.finding("no-markup", text.path, text.place, text.about, message, fix)


def _texts(procedure: CheckedProcedure, name: str) -> Iterator[Text]:
    """The source language's finished texts with this name (stem, text, teach_back ...) of items."""
    return (text for text in _in_each_language(procedure, name) if text.language == procedure.source)


def _in_each_language(procedure: CheckedProcedure, name: str) -> Iterator[Text]:
    return (
        text
        for text in procedure.texts
        if text.place[0] == "items" and text.place[-1] == name and BLANK not in text.words
    )


def _said(patterns: dict[str, re.Pattern[str]], text: Text) -> str:
    """The part of a text that matches its language's pattern; "" if none does, or there is no pattern."""
    pattern = patterns.get(text.language)
    found = pattern.search(text.words) if pattern else None
    return found[0] if found else ""


def content_words(text: str) -> set[str]:
    """The words that carry meaning, in lower case and without a plural s."""
    words = {word.lower() for word in WORD.findall(text)}
    return {word.removesuffix("s") for word in words if len(word) > 3 and word not in _EVERYDAY}


def _kind(text: str) -> tuple[bool, bool, bool]:
    stripped = text.strip()
    return bool(_NUMBER.match(stripped)), stripped[-1:] in ".?!", stripped[:1].islower()
