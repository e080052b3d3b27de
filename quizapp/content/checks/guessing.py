"""Whether the wording alone gives the key away: rules, and how well mechanical strategies guess.

A test-wise reader can answer such forms without having read a lesson. The cues are those of Millman, Bishop, Ebel
(1965), Educational and Psychological Measurement 25(3):707-726, and Haladyna, Downing, Rodriguez (2002).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from quizapp.content.checks.rules import CheckedProcedure, Finding, FormAt, rule
from quizapp.content.checks.wording import RARE, content_words
from quizapp.content.readability import WORD

ECHO_LETTERS = 5  # words that begin with the same letters count as one word stem
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


@dataclass(frozen=True)
class Offer:
    """A form as a reader sees it who has read nothing but the start page and the stems before it."""

    stem: str
    options: tuple[str, ...]
    key: int
    language: str
    seen_before: frozenset[str]  # words of the start page and of earlier stems


def offers(procedure: CheckedProcedure, language: str) -> list[tuple[FormAt, Offer]]:
    """Every finished form of a language, in the order of the lessons."""
    forms = procedure.forms() if language == procedure.source else procedure.translated_forms(language)
    texts = [text for text in procedure.texts if text.language == language and text.name == "procedure.toml"]
    seen = {word for text in texts for word in content_words(text.words)}
    found = []
    for form in forms:
        options = tuple(option.text for option in form.form.options)
        found.append((form, Offer(form.form.stem, options, options.index(form.key.text), language, frozenset(seen))))
        seen |= content_words(form.form.stem)
    return found


Strategy = Callable[[Offer], Sequence[float]]  # a value for each option; the highest is chosen, equal ones by chance


def _lengths(offer: Offer) -> list[float]:
    return [float(len(option)) for option in offer.options]


def _middle(offer: Offer) -> list[float]:
    lengths = _lengths(offer)
    mean = sum(lengths) / len(lengths)
    return [-abs(length - mean) for length in lengths]


def _hedged(offer: Offer) -> list[float]:
    pattern = HEDGES.get(offer.language)
    return [float(len(pattern.findall(option))) if pattern else 0.0 for option in offer.options]


def _odd_one_out(offer: Offer) -> list[float]:
    """The option that shares the fewest words with the others."""
    words = [set(WORD.findall(option.lower())) for option in offer.options]
    return [-float(sum(len(one & other) for other in words if other is not one)) for one in words]


def _echo(offer: Offer) -> list[float]:
    stem = _word_stems(offer.stem)
    return [float(len(stem & _word_stems(option))) for option in offer.options]


def _start_page(offer: Offer) -> list[float]:
    return [float(len(offer.seen_before & content_words(option))) for option in offer.options]


STRATEGIES: dict[str, Strategy] = {
    "longest option": _lengths,
    "shortest option": lambda offer: [-length for length in _lengths(offer)],
    "middle length": _middle,
    "most hedged": _hedged,
    "odd one out": _odd_one_out,
    "echo of the stem": _echo,
    "words of the start page and earlier stems": _start_page,
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
    """Every strategy in every language."""
    for language in (procedure.source, *procedure.translations):
        each = [offer for _, offer in offers(procedure, language)]
        chance = sum(1 / len(offer.options) for offer in each)
        for name, strategy in STRATEGIES.items():
            yield Guess(
                language, name, sum(_share_right(strategy(offer), offer.key) for offer in each), chance, len(each)
            )


def _share_right(values: Sequence[float], key: int) -> float:
    best = [number for number, value in enumerate(values) if value == max(values)]
    return 1 / len(best) if key in best else 0.0


def _in_each_language(procedure: CheckedProcedure) -> Iterator[tuple[FormAt, Offer]]:
    for language in (procedure.source, *procedure.translations):
        yield from offers(procedure, language)


def _of_key(form: FormAt) -> tuple[str, ...]:
    return (*form.place, "options", form.key.id, "text")


@rule(
    "key-hedged",
    "The key is not the only hedged or conditional option",
    "Test-wise readers choose the careful answer.",
)
def key_hedged(procedure: CheckedProcedure) -> Iterator[Finding]:
    for form, offer in _in_each_language(procedure):
        hedges = _hedged(offer)
        if hedges[offer.key] and sum(value > 0 for value in hedges) == 1:
            message = f'only the key "{offer.options[offer.key]}" is hedged or conditional'
            fix = "Hedge a distractor too, or state the key plainly"
            yield procedure.finding("key-hedged", form.path, _of_key(form), form.id, message, fix)


@rule(
    "stem-echo",
    "No word stem of the question is in the key only",
    "An echo of the question gives the answer away without any knowledge.",
)
def stem_echo(procedure: CheckedProcedure) -> Iterator[Finding]:
    for form, offer in _in_each_language(procedure):
        others = set().union(*(_word_stems(o) for number, o in enumerate(offer.options) if number != offer.key))
        shared = _word_stems(offer.stem) & _word_stems(offer.options[offer.key]) - others
        if shared:
            message = f'the question and the key alone have "{min(shared)}..."'
            fix = "Use another word in one of them, or use it in a distractor too"
            yield procedure.finding("stem-echo", form.path, _of_key(form), form.id, message, fix)


@rule(
    "given-away",
    "Neither the start page nor an earlier question has the key's words",
    "What was read before the lesson must not answer the question after it.",
    whole=True,
)
def given_away(procedure: CheckedProcedure) -> Iterator[Finding]:
    judged = list(_in_each_language(procedure))
    used = Counter(word for _, offer in judged for word in content_words(" ".join(offer.options)))
    for form, offer in judged:
        others = set().union(*(content_words(o) for number, o in enumerate(offer.options) if number != offer.key))
        own = {word for word in content_words(offer.options[offer.key]) - others if used[word] <= RARE}
        if own and len(own & offer.seen_before) * 2 > len(own):
            message = f'"{min(own & offer.seen_before)}" is in the key only, and was read before the lesson'
            fix = "Change the start page or the earlier question, or use the word in a distractor too"
            yield procedure.finding("given-away", form.path, _of_key(form), form.id, message, fix)


@rule(
    "options-alike",
    "No two options of a form have the same words",
    "If one of the two is the key, a right answer is called a misunderstanding.",
    always=True,
)
def options_alike(procedure: CheckedProcedure) -> Iterator[Finding]:
    for form, offer in _in_each_language(procedure):
        plain = Counter(" ".join(WORD.findall(option.lower())) for option in offer.options)
        for words, times in plain.items():
            if times > 1:
                message, fix = f'{times} options say "{words}"', "Give each option its own meaning"
                yield procedure.finding("options-alike", form.path, form.place, form.id, message, fix)


@rule(
    "key-stands-alone",
    "The distractors of a form stand for at least two misconceptions",
    "If all wrong options express one belief, the key is the odd one out.",
)
def key_stands_alone(procedure: CheckedProcedure) -> Iterator[Finding]:
    for form in procedure.forms():
        beliefs = [option.misconception for option in form.distractors if option.misconception]
        repeated = len(beliefs) - len(set(beliefs))
        if len(beliefs) > 1 and (len(set(beliefs)) == 1 or (len(beliefs) == 2 and repeated)):
            message = f"all distractors stand for {beliefs[0]!r}"
            fix = "Replace one by another misconception, or offer two options for each side of the matter"
            yield procedure.finding("key-stands-alone", form.path, form.place, form.id, message, fix)


def _word_stems(text: str) -> set[str]:
    return {word[:ECHO_LETTERS] for word in content_words(text) if len(word) >= ECHO_LETTERS}
