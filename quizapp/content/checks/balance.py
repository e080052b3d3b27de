"""Rules on a whole procedure: no guessing by length or by position."""

import re
from collections import Counter
from collections.abc import Iterator

from quizapp.content.checks.rules import CheckedProcedure, Finding, rule
from quizapp.content.checks.texts import Text
from quizapp.content.readability import WORD
from quizapp.content.schema import BLANK

JUDGED_FROM = 5  # forms: with fewer, even the best arrangement of three options breaks the limit
LONGEST_SHARE = 1 / 3
POSITION_SHARE = 0.45


@rule(
    "key-longest",
    "The key is the longest option in at most a third of the forms",
    "The same clue over the whole procedure.",
    whole=True,
)
def key_longest(procedure: CheckedProcedure) -> Iterator[Finding]:
    for forms in procedure.forms_in_each_language():
        longest = [form for form in forms if len(form.key.text) > max(len(option.text) for option in form.distractors)]
        if len(forms) >= JUDGED_FROM and len(longest) > LONGEST_SHARE * len(forms):
            message = f"the key is the longest option in {len(longest)} of {len(forms)} forms, this one among them"
            for form in longest:
                place = (*form.place, "options", form.key.id, "text")
                fix = "Shorten some keys, or say more in distractors, until it is no more than a third"
                yield procedure.finding("key-longest", form.path, place, form.id, message, fix)


@rule(
    "key-shortest",
    "The key is the shortest option in at most a third of the forms",
    "Authors who avoid long keys overshoot; then the shortest option is the best guess.",
    whole=True,
)
def key_shortest(procedure: CheckedProcedure) -> Iterator[Finding]:
    for forms in procedure.forms_in_each_language():
        shortest = [form for form in forms if len(form.key.text) < min(len(option.text) for option in form.distractors)]
        if len(forms) >= JUDGED_FROM and len(shortest) > LONGEST_SHARE * len(forms):
            message = f"the key is the shortest option in {len(shortest)} of {len(forms)} forms, this one among them"
            for form in shortest:
                place = (*form.place, "options", form.key.id, "text")
                fix = "Say more in some keys, or shorten distractors, until it is no more than a third"
                yield procedure.finding("key-shortest", form.path, place, form.id, message, fix)


@rule(
    "key-position",
    "No position has more than 45 % of the keys",
    "Not every form is shuffled, and on paper none is.",
    whole=True,
)
def key_position(procedure: CheckedProcedure) -> Iterator[Finding]:
    forms = list(procedure.forms())
    positions = Counter(form.form.options.index(form.key) + 1 for form in forms)
    if len(forms) < JUDGED_FROM:
        return
    for position, times in sorted(positions.items()):
        if times > POSITION_SHARE * len(forms):
            path = procedure.source_file("lessons")
            message = f"the key is at position {position} in {times} of {len(forms)} forms"
            fix = f"Move the key in some of them, until it is no more than {POSITION_SHARE:.0%}"
            yield Finding(path, None, "key-position", f"position-{position}", message, fix)


_DIGITS = re.compile(r"\d+(?:[.,/]\d+)*")
# "One" is left out: it is mostly a pronoun or an article.
_WORDS = {
    "en": "two three four five six seven eight nine ten eleven twelve",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce",
}
NUMBER_WORDS = {
    language: {word: str(number) for number, word in enumerate(words.split(), start=2)}
    for language, words in _WORDS.items()
}


def numbers(text: str, language: str) -> set[str]:
    """The numbers in a text, in digits: {"7"} for "seven days" and for "7 days"."""
    words = NUMBER_WORDS.get(language, {})
    written = {words[word] for word in (found.lower() for found in WORD.findall(text)) if word in words}
    return written | set(_DIGITS.findall(text))


@rule(
    "number-drift",
    "Every number in a block, a key or feedback is in the facts behind it",
    "A wrong number misleads, and is easily overlooked between two editions.",
    whole=True,
)
def number_drift(procedure: CheckedProcedure) -> Iterator[Finding]:
    for language in (procedure.source, *procedure.translations):
        texts = [text for text in procedure.texts if text.language == language]
        of_fact = {
            text.place[1]: numbers(text.words, language)
            for text in texts
            if text.place[0] == "facts" and text.place[-1] == "text"
        }
        options = {
            text.place[:-1]: text.words for text in texts if "options" in text.place and text.place[-1] == "text"
        }
        for text, facts, is_key in _judged(procedure, texts):
            allowed = set().union(*(of_fact.get(fact, set()) for fact in facts))
            if text.place[-1] == "feedback" or is_key:
                allowed |= set() if is_key else numbers(options.get(text.place[:-1], ""), language)
            if BLANK not in text.words and (strange := numbers(text.words, language) - allowed):
                message = f'"{min(strange)}" is in no fact that this text rests on'
                fix = "Correct the number, or name the fact that has it"
                yield procedure.finding("number-drift", text.path, text.place, text.about, message, fix)


def _judged(procedure: CheckedProcedure, texts: list[Text]) -> Iterator[tuple[Text, list[str], bool]]:
    """Each text that is judged, the facts whose numbers it may have, and whether it is a key."""
    blocks = {
        (f"lessons/{path.name}", block.id): block.facts
        for path, lesson in procedure.files.lessons
        for block in lesson.blocks
    }
    items = {placed.item.id: placed for placed in procedure.items()}
    for text in texts:
        if text.place[0] == "blocks" and text.place[-1] == "text":
            yield text, blocks.get((text.name, text.place[1]), []), False
        elif (
            text.place[0] == "items" and text.place[1] in items and text.place[-1] in ("text", "feedback", "dont_know")
        ):
            item = items[text.place[1]].item
            facts = [item.fact, *blocks.get((text.name, item.block), [])]
            is_key = text.place[-1] == "text" and _is_key(procedure, text)
            if is_key or text.place[-1] != "text":
                yield text, facts, is_key


def _is_key(procedure: CheckedProcedure, text: Text) -> bool:
    _, item_id, _, form_id, _, option_id, _ = text.place
    return any(
        option.key
        for placed in procedure.items()
        if placed.item.id == item_id
        for form in placed.item.forms
        if form.id == form_id
        for option in form.options
        if option.id == option_id
    )
