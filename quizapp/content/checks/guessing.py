"""Whether the wording alone gives the key away: rules, and how well mechanical strategies guess.

A test-wise reader can answer such forms without having read a lesson. The clues are those of Millman, Bishop, Ebel
(1965), Educational and Psychological Measurement 25(3):707-726, and Haladyna, Downing, Rodriguez (2002).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from statistics import fmean

from quizapp.content.checks.rules import CheckedProcedure, FormAt, Found, rule
from quizapp.content.checks.wording import content_words
from quizapp.content.readability import WORD

RARE = 2  # forms that may contain a word that still counts as rare
ECHO_LETTERS = 5  # words that begin with the same letters count as one word stem
KEY_LENGTH = 1.4  # of the other options' mean length
JUDGED_FROM = 5  # forms: with fewer, even the best arrangement of three options breaks the limits below
LONGEST_SHARE = 1 / 3
POSITION_SHARE = 0.45
MARGIN = 1.5  # forms by which a strategy may beat chance

HEDGES = {
    "en": re.compile(
        r"\b(may|might|could|can|usually|often|sometimes|some|most|perhaps|probably|if|unless|depends?|only when)\b",
        re.I,
    ),
    "es": re.compile(
        r"\b(puede|podría|suele|a menudo|a veces|algun[oa]s?|la mayoría|quizás?|tal vez|si|a menos que|depende)\b", re.I
    ),
}


@rule("clue-word", "No rare word is in the stem and in the key only")
def clue_word(procedure: CheckedProcedure) -> Found:
    """An echo of the question gives the answer away without any knowledge."""
    forms = procedure.forms[procedure.source]
    used = Counter(word for form in forms for word in content_words(form.all_words))
    for form in forms:
        shared = {word for word in _only_in_key(form) & content_words(form.stem) if used[word] <= RARE}
        if shared:
            message = f'"{min(shared)}" is in the stem and in the key only'
            yield form.text_of_key, message, "Use another word in one of them, or use it in a distractor too"


@rule("stem-echo", "No word stem of the question is in the key only")
def stem_echo(procedure: CheckedProcedure) -> Found:
    """An echo of the question gives the answer away without any knowledge."""
    for form in procedure.every_form():
        if shared := _only_in_key(form, _word_stems) & _word_stems(form.stem):
            message = f'the question and the key alone have "{min(shared)}..."'
            yield form.text_of_key, message, "Use another word in one of them, or use it in a distractor too"


@rule("given-away", "Neither the start page nor an earlier question has the key's words", whole=True)
def given_away(procedure: CheckedProcedure) -> Found:
    """What was read before the lesson must not answer the question after it."""
    used = Counter(
        word for form in procedure.every_form() for word in content_words(" ".join(o.text for o in form.options))
    )
    for language in procedure.languages:
        for form, read in _read_before(procedure, language):
            own = {word for word in _only_in_key(form) if used[word] <= RARE}
            if own and len(own & read) * 2 > len(own):
                message = f'"{min(own & read)}" is in the key only, and was read before the lesson'
                fix = "Change the start page or the earlier question, or use the word in a distractor too"
                yield form.text_of_key, message, fix


@rule("key-hedged", "The key is not the only hedged or conditional option")
def key_hedged(procedure: CheckedProcedure) -> Found:
    """Test-wise readers choose the careful answer."""
    for form in procedure.every_form():
        hedged = [option for option, hedges in zip(form.options, _hedges(form), strict=True) if hedges]
        if hedged == [form.key]:
            message = f'only the key "{form.key.text}" is hedged or conditional'
            yield form.text_of_key, message, "Hedge a distractor too, or state the key plainly"


@rule("options-alike", "No two options of a form have the same words", always=True)
def options_alike(procedure: CheckedProcedure) -> Found:
    """If one of the two is the key, a right answer is called a misunderstanding."""
    for form in procedure.every_form():
        plain = Counter(" ".join(WORD.findall(option.text.lower())) for option in form.options)
        for words, times in plain.items():
            if times > 1:
                yield form, f'{times} options say "{words}"', "Give each option its own meaning"


@rule("key-stands-alone", "The distractors of a form stand for at least two misconceptions")
def key_stands_alone(procedure: CheckedProcedure) -> Found:
    """If all wrong options express one belief, the key is the odd one out."""
    for form in procedure.forms[procedure.source]:
        beliefs = [option.misconception for option in form.distractors if option.misconception]
        if len(beliefs) > 1 and len(set(beliefs)) == 1:
            fix = "Replace one by another misconception, or offer two options for each side of the matter"
            yield form, f"all distractors stand for {beliefs[0]!r}", fix


@rule("key-length", "The key is at most 1.4 times as long as the other options on average")
def key_length(procedure: CheckedProcedure) -> Found:
    """The longest option looks right. Then the quiz measures test-wiseness."""
    for form in procedure.every_form():
        mean = fmean(len(option.text) for option in form.distractors)
        if len(form.key.text) > KEY_LENGTH * mean:
            message = f"the key has {len(form.key.text)} characters, the others {mean:.0f} on average"
            yield form.text_of_key, message, "Shorten the key or say more in the others: the longest option looks right"


@rule("key-longest", "The key is the longest option in at most a third of the forms", whole=True)
def key_longest(procedure: CheckedProcedure) -> Found:
    """The same clue over the whole procedure."""
    fix = "Shorten some keys, or say more in distractors, until it is no more than a third"
    return _too_often(procedure, "longest", lambda key, others: key > max(others), fix)


@rule("key-shortest", "The key is the shortest option in at most a third of the forms", whole=True)
def key_shortest(procedure: CheckedProcedure) -> Found:
    """Authors who avoid long keys overshoot; then the shortest option is the best guess."""
    fix = "Say more in some keys, or shorten distractors, until it is no more than a third"
    return _too_often(procedure, "shortest", lambda key, others: key < min(others), fix)


def _too_often(procedure: CheckedProcedure, called: str, is_so: Callable[[int, list[int]], bool], fix: str) -> Found:
    """Yield each form of a language whose key's length differs so from the others', if that is more than a third."""
    for forms in procedure.forms.values():
        found = [form for form in forms if is_so(len(form.key.text), [len(option.text) for option in form.distractors])]
        if len(forms) >= JUDGED_FROM and len(found) > LONGEST_SHARE * len(forms):
            message = f"the key is the {called} option in {len(found)} of {len(forms)} forms, this one among them"
            for form in found:
                yield form.text_of_key, message, fix


@rule("key-position", "No position has more than 45 % of the keys", whole=True)
def key_position(procedure: CheckedProcedure) -> Found:
    """Not every form is shuffled, and on paper none is."""
    forms = procedure.forms[procedure.source]
    positions = Counter(form.options.index(form.key) + 1 for form in forms)
    for position, times in sorted(positions.items()):
        if len(forms) >= JUDGED_FROM and times > POSITION_SHARE * len(forms):
            message = f"the key is at position {position} in {times} of {len(forms)} forms"
            fix = f"Move the key in some of them, until it is no more than {POSITION_SHARE:.0%}"
            yield procedure.at("lessons", id=f"position-{position}"), message, fix


# A value for each option; the highest is chosen, equal ones by chance. The words are those that were read before.
Strategy = Callable[[FormAt, Set[str]], Sequence[float]]

STRATEGIES: dict[str, Strategy] = {
    "longest option": lambda form, _: _lengths(form),
    "shortest option": lambda form, _: [-length for length in _lengths(form)],
    "middle length": lambda form, _: [-abs(length - fmean(_lengths(form))) for length in _lengths(form)],
    "most hedged": lambda form, _: _hedges(form),
    "odd one out": lambda form, _: _words_unshared(form),
    "echo of the stem": lambda form, _: [len(_word_stems(form.stem) & _word_stems(o.text)) for o in form.options],
    "words of the start page and earlier stems": lambda form, read: [
        len(read & content_words(option.text)) for option in form.options
    ],
}


@dataclass(frozen=True)
class Guess:
    """How many forms a strategy gets right on average, of how many, and how many pure chance would."""

    language: str
    strategy: str
    right: float
    chance: float
    forms: int

    @property
    def is_within_bounds(self) -> bool:
        return self.right <= self.chance + MARGIN


def guesses(procedure: CheckedProcedure) -> Iterator[Guess]:
    """Try every strategy in every language."""
    for language in procedure.languages:
        forms = list(_read_before(procedure, language))
        chance = sum(1 / len(form.options) for form, _ in forms)
        for name, strategy in STRATEGIES.items():
            right = sum(_share_right(form, strategy(form, read)) for form, read in forms)
            yield Guess(language, name, right, chance, len(forms))


def _share_right(form: FormAt, values: Sequence[float]) -> float:
    best = [option for option, value in zip(form.options, values, strict=True) if value == max(values)]
    return 1 / len(best) if form.key in best else 0.0


def _read_before(procedure: CheckedProcedure, language: str) -> Iterator[tuple[FormAt, Set[str]]]:
    """Return each form of a language, with the words of the start page and of the stems before it."""
    texts = (text.words for text in procedure.texts[language] if text.name == "procedure.toml")
    read = content_words(" ".join(texts))
    for form in procedure.forms[language]:
        yield form, read
        read = read | content_words(form.stem)


def _only_in_key(form: FormAt, words_of: Callable[[str], set[str]] = content_words) -> set[str]:
    """Return the words of the key that no distractor has."""
    return words_of(form.key.text).difference(*(words_of(option.text) for option in form.distractors))


def _word_stems(text: str) -> set[str]:
    return {word[:ECHO_LETTERS] for word in content_words(text) if len(word) >= ECHO_LETTERS}


def _lengths(form: FormAt) -> list[int]:
    return [len(option.text) for option in form.options]


def _hedges(form: FormAt) -> list[int]:
    pattern = HEDGES.get(form.language)
    return [len(pattern.findall(option.text)) if pattern else 0 for option in form.options]


def _words_unshared(form: FormAt) -> list[int]:
    """Return how few words each option shares with the others, as negative numbers."""
    words = [set(WORD.findall(option.text.lower())) for option in form.options]
    return [-sum(len(one & other) for other in words if other is not one) for one in words]
