"""The table of rules: what each wants, why, and the function that looks for it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from quizapp.content.checks import balance, reading, structure, translations, wording
from quizapp.content.checks.checked_procedure import Course, Finding


@dataclass(frozen=True)
class Check:
    """One rule. `why` is for authors who ask; `whole` says that it can judge only where every file was readable."""

    id: str
    title: str
    why: str
    find: Callable[[Course], Iterator[Finding]]
    whole: bool = False


def _judged_last(_course: Course) -> Iterator[Finding]:
    """Nothing here: checking.py judges suppressions once it knows what they silenced."""
    return iter(())


def _table(*checks: Check) -> dict[str, Check]:
    return {check.id: check for check in checks}


CHECKS = _table(
    Check(
        "loads",
        "Every file is there, is TOML, and has the fields that it needs",
        "A procedure that is broken anywhere is not served at all: a half-loaded quiz could mislead.",
        structure.loads,
    ),
    Check(
        "references",
        "What is named is there",
        "An item on a fact that is not there, or feedback that points nowhere, leaves a patient alone.",
        structure.references,
    ),
    Check(
        "unique-ids",
        "No id is used twice",
        "Answers, flags and ticks are kept under ids: two things under one id would be counted as one.",
        structure.unique_ids,
    ),
    Check(
        "reserved-id",
        'No option has the id "dont-know"',
        'Pages send it for "I don\'t know yet", which is never wrong.',
        structure.reserved_id,
    ),
    Check(
        "blank",
        "No blank is left to fill in",
        "`quizapp new` leaves blanks that say what belongs there.",
        structure.blanks,
    ),
    Check(
        "one-key",
        "Exactly one key a form",
        "With two right answers, one of them would be called a misunderstanding.",
        structure.one_key,
    ),
    Check(
        "option-count",
        "Three or four options",
        "Two are a coin toss; more than four rarely draw anyone and are slow to read (Rodriguez 2005).",
        structure.option_count,
    ),
    Check(
        "quiz-fact",
        "No item on a fact that must not be asked",
        "A quiz makes a claim stick. What clinics see differently is taught as what the leaflet says, and not asked.",
        structure.quiz_fact,
        whole=True,
    ),
    Check(
        "quiz-reason",
        "quiz = false has a reason",
        "Who comes after must know why a fact is left out on purpose.",
        structure.quiz_reason,
    ),
    Check(
        "taught-first",
        "Taught before tested, by the block that feedback points to",
        "To ask what was never taught shows nothing about the leaflet, and frightens.",
        structure.taught_first,
        whole=True,
    ),
    Check(
        "critical-tested",
        "Every fact marked critical has a critical item",
        "What the nurse must raise first has to be asked, or nobody learns that it was not understood.",
        structure.critical_tested,
        whole=True,
    ),
    Check(
        "misconception",
        "Every distractor stands for a named belief, and the key for none",
        "The nurse talks about a belief, not about a letter; one belief is counted across items.",
        structure.misconceptions,
    ),
    Check(
        "second-form",
        "A critical item has a second form",
        "Asking again in other words works better than the same question again.",
        structure.second_form,
    ),
    Check(
        "stems-alike",
        "The forms of an item have different stems",
        "The retry is there for who did not follow the first wording.",
        wording.stems_alike,
    ),
    Check(
        "teach-back",
        "The teach-back line is open",
        "Yes tells the nurse nothing. What somebody says in their own words does.",
        wording.teach_back,
    ),
    Check(
        "all-or-none",
        'No "all of the above" or "none of the above"',
        "They test logic, and stand for no belief. The order of options is shuffled, too.",
        wording.all_or_none,
    ),
    Check(
        "negative-stem",
        "No negative stem",
        "A small not is read over, above all in pain or in a second language.",
        wording.negative_stem,
    ),
    Check(
        "absolute-option",
        "No always and never in options",
        "Who has sat exams knows that such options are wrong.",
        wording.absolute_option,
    ),
    Check(
        "word-limit",
        "Stems of 25 words, options of 15, feedback of 45, at most",
        "What has to be scrolled is not read.",
        wording.word_limits,
    ),
    Check(
        "key-length",
        "The key is at most 1.4 times as long as the others are on average",
        "The longest option looks right. Then the quiz shows who can sit exams.",
        wording.key_length,
    ),
    Check(
        "key-longest",
        "The key is the longest option in a third of the forms at most",
        "The same clue over the whole course.",
        balance.key_longest,
        whole=True,
    ),
    Check(
        "key-position",
        "No position holds more than 45 % of the keys",
        "Not every form is shuffled, and on paper none is.",
        balance.key_position,
        whole=True,
    ),
    Check(
        "clue-word",
        "No rare word stands in the stem and in the key alone",
        "An echo of the question gives the answer away without any knowledge.",
        wording.clue_word,
    ),
    Check(
        "numbers-in-order",
        "Options that are numbers stand in order",
        "Searching a shuffled row of numbers is work that teaches nothing.",
        wording.numbers_in_order,
    ),
    Check(
        "one-kind",
        "Options of one kind",
        "The odd one out draws the eye, right or not.",
        wording.one_kind,
    ),
    Check(
        "no-markup",
        "No HTML and no links in words",
        "They would be shown to patients as they stand.",
        wording.no_markup,
    ),
    Check(
        "reading-grade",
        "Lessons to grade 6, questions and feedback to grade 7; Spanish to an ease of 70",
        "Four in ten adults struggle with health text. Flesch-Kincaid (1975) for English, Fernández-Huerta (1959) for "
        "Spanish; allowed_terms of procedure.toml do not count against it.",
        reading.reading_grade,
    ),
    Check(
        "sentence-length",
        "Sentences of 20 words at most",
        "Who is tired or in pain loses the beginning of a longer one.",
        reading.sentence_length,
    ),
    Check(
        "varies-note",
        "Every fact that varies is taught where its note can stand",
        "Beside it the page says that the patient's own team may do it differently.",
        structure.varies_note,
        whole=True,
    ),
    Check(
        "glossary",
        "Every abbreviation and allowed term that lessons use is in the glossary, and no others",
        "A term that must stay has to be explained where it first stands.",
        reading.glossary,
        whole=True,
    ),
    Check(
        "image-exists",
        "Every image is there",
        "A missing drawing is an empty frame on the page.",
        structure.image_exists,
    ),
    Check(
        "image-alt",
        "Every image has a text alternative",
        "Who cannot see the drawing still wants to know what it shows.",
        structure.image_alt,
    ),
    Check(
        "translation-complete",
        "A translation has every id",
        "A page half in another language is understood by nobody.",
        translations.complete,
        whole=True,
    ),
    Check(
        "translation-structure",
        "A translation has words only",
        "A translator must not be able to move the right answer.",
        translations.no_structure,
        whole=True,
    ),
    Check(
        "translation-stale",
        "A translation was made from the words that the source has now",
        "Otherwise two patients are told two things.",
        translations.current,
        whole=True,
    ),
    Check(
        "suppression",
        "Every suppression names a rule, and silences something",
        "One that is no longer needed would hide the next flaw.",
        _judged_last,
    ),
)

# Without these nothing can be served, so no suppression switches them off.
NEVER_SUPPRESSED = frozenset({"loads", "references", "unique-ids", "reserved-id", "one-key", "suppression"})
