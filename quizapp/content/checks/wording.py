"""Rules on the wording of one item: stems, options, teach-back lines.

The flaws are those of Haladyna, Downing, Rodriguez (2002), Applied Measurement in Education 15(3):309-334.
"""

import re
from collections.abc import Iterator
from itertools import combinations

from quizapp.content.checks.rules import CheckedProcedure, Found, rule
from quizapp.content.checks.texts import Text
from quizapp.content.readability import WORD
from quizapp.content.schema import BLANK
from quizapp.content.toml_positions import Location

WORD_LIMITS = {"stem": 25, "text": 15, "feedback": 45, "dont_know": 45}
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


@rule("all-or-none", 'No "all of the above" or "none of the above"')
def all_or_none(procedure: CheckedProcedure) -> Found:
    """They test logic and express no misconception. The options are shuffled, too."""
    for text in _texts_of_items(procedure, "text"):
        if _said(_ALL_OR_NONE, text):
            at = Location(text.path, text.place, f"{text.id}/{text.place[-2]}")
            yield at, f'"{text.words}" speaks of the other options', "Express one misconception in its own words"


@rule("negative-stem", "No negative stem")
def negative_stem(procedure: CheckedProcedure) -> Found:
    """A small "not" is easily overlooked, above all in pain or in a second language."""
    for text in _texts_of_items(procedure, "stem"):
        if found := _said(_NEGATIVE, text):
            fix = "Ask for what is true: a small word like this is easily overlooked"
            yield text, f'the stem says "{found}"', fix


@rule("absolute-option", 'No "always" or "never" in options')
def absolute_option(procedure: CheckedProcedure) -> Found:
    """Test-wise readers know that such options are usually wrong."""
    for text in _texts_of_items(procedure, "text"):
        if found := _said(_ABSOLUTE, text):
            yield text, f'an option says "{found}"', "Leave the word out: such words give an option away"


@rule("word-limit", "Stems of at most 25 words, options of 15, feedback of 45")
def word_limits(procedure: CheckedProcedure) -> Found:
    """People do not read what they have to scroll to."""
    for text in _texts_of_items(procedure, *WORD_LIMITS):
        limit, words = WORD_LIMITS[text.field], len(WORD.findall(text.words))
        if words > limit:
            yield text, f"{text.field} has {words} words", f"Use {limit} words or fewer"


@rule("teach-back", "The teach-back line is an open question")
def teach_back(procedure: CheckedProcedure) -> Found:
    """A yes tells the nurse nothing. What a patient says in their own words does."""
    for text in _texts_of_items(procedure, "teach_back"):
        is_open = _OPEN.search(text.words) and not _CLOSED.search(text.words)
        if text.language == procedure.source and not is_open:
            fix = "Ask with what, how, where or why: could you tell me in your own words ...?"
            yield text, "yes could answer the teach-back line", fix


@rule("stems-alike", "The forms of an item have different stems")
def stems_alike(procedure: CheckedProcedure) -> Found:
    """The retry is for patients who did not follow the first wording."""
    for item in procedure.items:
        for first, second in combinations(item.forms, 2):
            one, other = content_words(first.stem), content_words(second.stem)
            if BLANK not in first.stem + second.stem and len(one & other) > ALIKE * len(one | other):
                message = f"the stems of {first.place[-1]!r} and {second.place[-1]!r} are nearly the same"
                fix = "Ask from another angle: the retry is for patients who did not follow the first wording"
                yield second.below("stem"), message, fix


@rule("numbers-in-order", "Options that are numbers are in order")
def numbers_in_order(procedure: CheckedProcedure) -> Found:
    """Searching a shuffled row of numbers is work that teaches nothing."""
    for form in procedure.forms[procedure.source]:
        matches = [_NUMBER.match(option.text) for option in form.options]
        numbers = [float(match[1].replace(",", ".")) for match in matches if match]
        if len(numbers) < len(matches):
            continue
        if numbers not in (sorted(numbers), sorted(numbers, reverse=True)) or form.item.order != "fixed":
            message = "options that are numbers are not in order, or are shuffled"
            yield form, message, 'Put them in order and write order = "fixed"'


@rule("one-kind", "All options of a form are of one kind")
def one_kind(procedure: CheckedProcedure) -> Found:
    """The odd one out draws the eye, right or not."""
    for form in procedure.every_form():
        if len({_kind(option.text) for option in form.options}) > 1:
            message = "the options are not of one kind: some are numbers, sentences or begin small, and others are not"
            fix = "Give them one shape: all numbers, all whole sentences with a full stop, or all short phrases"
            yield form, message, fix


@rule("no-markup", "No HTML and no links in texts")
def no_markup(procedure: CheckedProcedure) -> Found:
    """Patients would see them as text."""
    for text in procedure.every_text():
        if found := _MARKUP.search(text.words):
            yield text, f'"{found[0]}" would be shown as text', "Remove HTML and links; **bold** and lists work"


def _texts_of_items(procedure: CheckedProcedure, *fields: str) -> Iterator[Text]:
    """Return the finished texts of items, in each language, with these fields: stem, text, teach_back ..."""
    return (
        text
        for text in procedure.every_text()
        if text.place[0] == "items" and text.field in fields and not text.is_blank
    )


def _said(patterns: dict[str, re.Pattern[str]], text: Text) -> str:
    """Return the part of a text that its language's pattern matches; "" if none does, or there is no pattern."""
    pattern = patterns.get(text.language)
    found = pattern.search(text.words) if pattern else None
    return found[0] if found else ""


def content_words(text: str) -> set[str]:
    """Return the words that carry meaning, in lower case and without a plural s."""
    words = {word.lower() for word in WORD.findall(text)}
    return {word.removesuffix("s") for word in words if len(word) > 3 and word not in _EVERYDAY}


def _kind(text: str) -> tuple[bool, bool, bool]:
    stripped = text.strip()
    return bool(_NUMBER.match(stripped)), stripped[-1:] in ".?!", stripped[:1].islower()
