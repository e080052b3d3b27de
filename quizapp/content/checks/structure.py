"""Rules on what exists: blanks, facts taught and tested, numbers, options with their misconceptions, drawings."""

import re

from quizapp.content.checks.rules import CheckedProcedure, Found, rule
from quizapp.content.readability import WORD
from quizapp.content.schema import BLANK
from quizapp.content.toml_positions import Location


@rule("blank", "No blank is left to fill in")
def blanks(procedure: CheckedProcedure) -> Found:
    """`quizapp new` leaves blanks that say what belongs there."""
    for text in procedure.texts[procedure.source]:
        if text.is_blank:
            hint = text.words.replace(BLANK, "").strip()
            yield text, f"{text.field} is still blank", f"Write: {hint}" if hint else "Fill it in"


@rule("option-count", "Three or four options")
def option_count(procedure: CheckedProcedure) -> Found:
    """Two are a coin toss; more than four rarely draw anyone and are slow to read (Rodriguez 2005)."""
    for form in procedure.written_forms():
        if len(form.options) not in (3, 4):
            fix = 'Offer three or four, all plausible; "I don\'t know yet" is added to them'
            yield form, f"{len(form.options)} options", fix


@rule("quiz-fact", "No item on a fact that must not be asked", whole=True)
def quiz_fact(procedure: CheckedProcedure) -> Found:
    """A quiz makes a claim stick. What clinics see differently is taught as what the leaflet says, but not asked."""
    facts = {fact.id: fact for fact in procedure.files.facts}
    for item in procedure.items:
        fact = facts.get(item.item.fact)
        if fact and not fact.quiz and fact.kind != "gap":
            message = f"the fact {fact.id!r} has quiz = false ({fact.quiz_reason or 'no reason given'})"
            yield item.below("fact"), message, "Test another fact: a quiz makes a claim stick"


@rule("quiz-reason", "quiz = false has a reason")
def quiz_reason(procedure: CheckedProcedure) -> Found:
    """The next author has to know why a fact is left out on purpose."""
    for fact in procedure.files.facts:
        if not fact.quiz and not fact.quiz_reason:
            message = f"{fact.id!r} has quiz = false and no reason"
            yield procedure.at("facts.toml", "facts", fact.id), message, "Say in quiz_reason why it must not be asked"


@rule("taught-first", "Taught before tested, by the block that feedback points to", whole=True)
def taught_first(procedure: CheckedProcedure) -> Found:
    """Asking what was never taught shows nothing about the leaflet, and frightens people."""
    taught: set[str] = set()
    for path, lesson in procedure.files.lessons:
        taught |= {fact for block in lesson.blocks for fact in block.facts}
        for item in lesson.items:
            at = Location(path, ("items", item.id), item.id)
            block = next((block for block in lesson.blocks if block.id == item.block), None)
            if item.fact not in taught:
                message = f"no lesson up to here teaches {item.fact!r}"
                yield at.below("fact"), message, "Add the fact to a block, or move the item to a later lesson"
            elif block and item.fact not in block.facts:
                message = f"feedback points back to the block {block.id!r}, which does not teach {item.fact!r}"
                yield at.below("block"), message, "Point to a block of this lesson that does, or add the fact to it"


@rule("critical-tested", "Every fact marked critical has a critical item", whole=True)
def critical_tested(procedure: CheckedProcedure) -> Found:
    """What the nurse raises first has to be asked; otherwise a misunderstanding goes unnoticed."""
    tested = {item.item.fact for item in procedure.items if item.item.critical}
    for fact in procedure.files.facts:
        if fact.critical and fact.id not in tested:
            fix = "Write one: otherwise nothing shows that it was misunderstood"
            yield procedure.at("facts.toml", "facts", fact.id), f"no critical item tests {fact.id!r}", fix


@rule("misconception", "Every distractor has a named misconception, and the key has none")
def misconceptions(procedure: CheckedProcedure) -> Found:
    """The nurse talks about a misconception, not about a letter; one misconception is counted across items."""
    for form in procedure.written_forms():
        for option in form.options:
            at = Location(form.path, (*form.place, "options", option.id), f"{form.id}/{option.id}")
            if option.key and option.misconception:
                yield at, "the key has a misconception", "Remove it: the key is the right answer"
            if not option.key and not option.misconception:
                fix = "Name the misconception behind it, or replace it by one that patients may hold"
                yield at, "a distractor without a misconception", fix


@rule("image-alt", "Every image has a text alternative")
def image_alt(procedure: CheckedProcedure) -> Found:
    """Readers who cannot see the drawing still want to know what it shows."""
    for path, lesson in procedure.files.lessons:
        for block in lesson.blocks:
            at = Location(path, ("blocks", block.id), f"{lesson.id}/{block.id}")
            if block.image and not block.alt:
                yield at, "a drawing without alt", "Say in alt what it shows, for readers who cannot see it"
            if block.alt and not block.image:
                yield at, "alt without a drawing", "Name the image, or delete alt"


@rule("varies-note", "Every fact that varies is taught in a block, so that its note is shown", whole=True)
def varies_note(procedure: CheckedProcedure) -> Found:
    """Next to it, the page says that the patient's own team may do it differently."""
    taught = {fact for _, lesson in procedure.files.lessons for block in lesson.blocks for fact in block.facts}
    for fact in procedure.files.facts:
        if fact.varies and fact.id not in taught and fact.quiz:  # one without quiz is left out on purpose
            message = f"{fact.id!r} varies, and no block names it, so no page shows the note"
            fix = "List it in the facts of the block that says it; if none should, give it quiz = false and a reason"
            yield procedure.at("facts.toml", "facts", fact.id), message, fix


_DIGITS = re.compile(r"\d+(?:[.,/]\d+)*")
# "One" is left out: it is mostly a pronoun or an article.
NUMBER_WORDS = {
    "en": ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
    "es": ["dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce"],
}


def numbers(text: str, language: str) -> set[str]:
    """Return the numbers in a text, in digits: {"7"} for "seven days" and for "7 days"."""
    values = {word: str(value) for value, word in enumerate(NUMBER_WORDS.get(language, []), start=2)}
    return {values[word] for word in WORD.findall(text.lower()) if word in values} | set(_DIGITS.findall(text))


@rule("number-drift", "Every number in a block, a key or feedback is in the facts behind it", whole=True)
def number_drift(procedure: CheckedProcedure) -> Found:
    """A wrong number misleads, and is easily overlooked between two editions."""
    blocks = {
        (f"lessons/{path.name}", block.id): block.facts
        for path, lesson in procedure.files.lessons
        for block in lesson.blocks
    }
    items = {item.id: item.item for item in procedure.items}
    keys = {form.text_of_key.place for form in procedure.forms[procedure.source]}
    for language in procedure.languages:
        texts = procedure.texts[language]
        known = {(text.name, text.place): numbers(text.words, language) for text in texts}
        for text in texts:
            allowed: set[str] = set()
            if text.place[0] == "blocks" and text.field == "text":
                facts = blocks[text.name, text.place[1]]
            elif text.field in ("feedback", "dont_know") or text.place in keys:
                item = items[text.place[1]]
                facts = [item.fact, *blocks.get((text.name, item.block), [])]
                if text.field == "feedback":
                    allowed |= known.get((text.name, (*text.place[:-1], "text")), set())
            else:
                continue
            for fact in facts:
                allowed |= known.get(("facts.toml", ("facts", fact, "text")), set())
            if not text.is_blank and (strange := known[text.name, text.place] - allowed):
                fix = "Correct the number, or name the fact that has it"
                yield text, f'"{min(strange)}" is in no fact that this text rests on', fix
