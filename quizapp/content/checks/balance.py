"""Rules on a whole procedure: no guessing by length or by position."""

from collections import Counter
from collections.abc import Iterator

from quizapp.content.checks.checked_procedure import CheckedProcedure, Finding
from quizapp.content.checks.rules import rule

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
