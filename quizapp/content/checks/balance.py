"""Rules on a whole course: no guessing by length or by position."""

from collections import Counter
from collections.abc import Iterator

from quizapp.content.checks.checked_procedure import Course, Finding

JUDGED_FROM = 5  # forms: below that, even the best arrangement of three options breaks the limit
LONGEST_SHARE = 1 / 3
POSITION_SHARE = 0.45


def key_longest(course: Course) -> Iterator[Finding]:
    for forms in course.forms_in_each_language():
        longest = [form for form in forms if len(form.key.text) > max(len(option.text) for option in form.distractors)]
        if len(forms) >= JUDGED_FROM and len(longest) > LONGEST_SHARE * len(forms):
            message = f"the key is the longest option in {len(longest)} of {len(forms)} forms, this one among them"
            for form in longest:
                place = (*form.place, "options", form.key.id, "text")
                mend = "Shorten some keys, or say more in distractors, until it is no more than a third"
                yield course.finding("key-longest", form.path, place, form.id, message, mend)


def key_position(course: Course) -> Iterator[Finding]:
    forms = list(course.forms())
    positions = Counter(form.form.options.index(form.key) + 1 for form in forms)
    if len(forms) < JUDGED_FROM:
        return
    for position, times in sorted(positions.items()):
        if times > POSITION_SHARE * len(forms):
            path = course.source_file("lessons")
            message = f"the key stands at position {position} in {times} of {len(forms)} forms"
            mend = f"Move the key in some of them, until it is no more than {POSITION_SHARE:.0%}"
            yield Finding(path, None, "key-position", f"position-{position}", message, mend)
