"""For each rule, an edit that comes close to its flaw and is none."""

from tests.content.hostile_content import Plant, add, drawn, first_options, several, swap, with_translation

_UNTAUGHT = '[[facts]]\nid = "x"\ntext = "It is so."\nsection = "x"\nparagraph = 1\n'

NEAR_MISSES: dict[str, Plant] = {
    "loads": add("en/facts.toml", "# [["),
    "references": swap(r'^fact = ".*"', 'fact = "lamp-place"'),
    "unique-ids": add("en/glossary.toml", '[[terms]]\nid = "bell-place"\nterm = "x"\nmeaning = "X."'),
    "reserved-id": swap(r'^id = "middle"', 'id = "dont-know-where"'),
    "blank": swap(r'^main = ".*"', 'main = "The bell_name is __bold__."'),
    "one-key": swap(r'^misconception = "other-side"', r"\g<0>\nkey = false"),
    "option-count": swap(
        r'^misconception = "in-the-middle"\nfeedback = ".*"\n',
        r"\g<0>\n[[items.forms.options]]\n"
        r'id = "roof"\ntext = "Up on the roof"\nmisconception = "in-the-middle"\nfeedback = "No bell is there."\n',
    ),
    "quiz-fact": swap(r"^paragraph = 1", '\\g<0>\nquiz = false\nquiz_reason = "x"\nkind = "gap"', "en/facts.toml"),
    "quiz-reason": add("en/facts.toml", _UNTAUGHT + 'quiz = false\nquiz_reason = "A quiz makes it stick."'),
    "taught-first": swap(r"^facts = \[.*\]", 'facts = ["bell-place", "lamp-place"]'),
    "critical-tested": swap(r"^paragraph = 1", r"\g<0>\ncritical = true", "en/facts.toml"),
    "misconception": swap(r'^misconception = ".*"', 'misconception = "in-the-middle"'),
    "second-form": swap(r"^critical = true", "critical = false"),
    "stems-alike": swap(r'^stem = "A friend.*"', 'stem = "Where would you reach up to ring the bell?"'),
    "teach-back": swap(r'^teach_back = ".*"', 'teach_back = "Could you show me the way to the bell?"'),
    "all-or-none": first_options("Above the door"),
    "negative-stem": swap(r'^stem = ".*"', 'stem = "Which note hangs by another bell?"'),
    "absolute-option": first_options("In the hallways"),
    "word-limit": swap(r'^stem = ".*"', f'stem = "{" ".join(["bell"] * 25)}"'),
    "key-length": swap(r'^text = "To the right"', 'text = "To the right of"'),
    "key-longest": swap(r'^text = "To the right"', 'text = "To the right of"'),
    "key-shortest": lambda _folder: None,  # three forms: too few to speak of balance
    "key-hedged": first_options("Perhaps left", "Perhaps right"),
    "stem-echo": swap(r'^stem = ".*"', 'stem = "At which side of the door is the bell?"'),
    "given-away": swap(r'^short = ".*"', 'short = "All about walruses."', "en/procedure.toml"),
    "options-alike": first_options("On the left side", "On the left-hand side"),
    "key-stands-alone": lambda _folder: None,  # two distractors, two misconceptions
    "number-drift": swap(r'^dont_know = "', 'dont_know = "It takes one day. '),
    "key-position": lambda _folder: None,  # three forms: too few to speak of balance
    "clue-word": swap(r'^stem = ".*"', 'stem = "At which side is the bell?"'),
    "numbers-in-order": several(
        first_options("1 day", "2 days", "3 days"), swap(r"^critical = true", '\\g<0>\norder = "fixed"')
    ),
    "one-kind": first_options("Up above"),
    "no-markup": swap(r'^main = ".*"', 'main = "Is 1 < 2? **Yes** (it is)."'),
    "reading-grade": swap(r'^dont_know = ".*"', 'dont_know = "That is a good question. The bell hangs on the right."'),
    "sentence-length": swap(r'^main = ".*"', f'main = "{" ".join(["bell"] * 20)}."'),
    "varies-note": add(
        "en/facts.toml", _UNTAUGHT + 'varies = "It differs."\nquiz = false\nquiz_reason = "Left out on purpose."'
    ),
    "glossary": swap(r'^main = ".*"', 'main = "I ring the BELL."'),
    "image-exists": drawn,
    "image-alt": drawn,
    "translation-complete": with_translation(lambda _folder: None),
    "translation-structure": with_translation(swap(r'^reviewed_by = ""', 'reviewed_by = "r"', "xx/language.toml")),
    "translation-stale": with_translation(swap(r"^main = .*", 'main = "Luz."', "xx/lessons/1-bell.toml")),
    "suppression": several(
        first_options("Always left"),
        add("procedure.toml", '[[suppress]]\nrule = "absolute-option"\nid = "bell-place/a"\nreason = "x"'),
    ),
}
