"""A procedure: its facts, lessons, items and prompts, in one language."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Fact:
    """One statement of the leaflet in plain words.

    `varies` is why it may be otherwise for a patient, "" if nothing differs; `varies_by` says whether clinics or
    people differ ("clinic" or "person").
    """

    id: str
    text: str
    section: str
    paragraph: int
    varies: str = ""
    quiz: bool = True
    quiz_reason: str = ""
    kind: str = "statement"
    varies_by: str = "clinic"


@dataclass(frozen=True)
class Misconception:
    """The named wrong belief behind a distractor."""

    id: str
    name: str


@dataclass(frozen=True)
class Prompt:
    """A ready-made question that the leaflet leaves open."""

    id: str
    text: str


@dataclass(frozen=True)
class Theme:
    """Prompts on one subject."""

    id: str
    title: str
    prompts: tuple[Prompt, ...]


@dataclass(frozen=True)
class Term:
    """A word of the glossary; `also` contains its other spellings."""

    id: str
    term: str
    meaning: str
    also: tuple[str, ...] = ()

    def is_in(self, casefolded: str) -> bool:
        return any(spelling.casefold() in casefolded for spelling in (self.term, *self.also))


@dataclass(frozen=True)
class Block:
    """A part of a lesson. `html` is rendered from the author's Markdown; `image` is a file name or ""."""

    id: str
    heading: str
    text: str
    html: str
    facts: tuple[str, ...]
    image: str = ""
    alt: str = ""
    caption: str = ""


@dataclass(frozen=True)
class Option:
    """One offered answer. The key has no misconception."""

    id: str
    text: str
    feedback: str
    key: bool = False
    misconception: str = ""


@dataclass(frozen=True)
class Form:
    """One wording of an item."""

    id: str
    stem: str
    options: tuple[Option, ...]

    @property
    def key(self) -> Option:
        return next(option for option in self.options if option.key)

    def option(self, option_id: str) -> Option | None:
        return next((option for option in self.options if option.id == option_id), None)


@dataclass(frozen=True)
class Item:
    """A multiple-choice question on one fact. A critical item has two or more forms."""

    id: str
    fact: str
    block: str
    critical: bool
    shuffle: bool
    teach_back: str
    dont_know: str
    forms: tuple[Form, ...]

    def form(self, form_id: str) -> Form | None:
        return next((form for form in self.forms if form.id == form_id), None)

    def form_for(self, try_number: int) -> Form:
        """Return the form asked at this try: the first at try 1, another wording after that."""
        return self.forms[min(try_number, len(self.forms)) - 1]

    @property
    def tries(self) -> int:
        """How often it may be asked: a critical item again after a miss, others once."""
        return 2 if self.critical else 1


@dataclass(frozen=True)
class Lesson:
    """A short text that teaches some facts, and its items."""

    id: str
    title: str
    main: str
    blocks: tuple[Block, ...]
    items: tuple[Item, ...]

    @property
    def words(self) -> str:
        """Everything that it teaches, on one line, with a space at each end."""
        texts = (self.title, self.main, *(f"{block.heading} {block.text}" for block in self.blocks))
        return f" {' '.join(' '.join(texts).split())} "

    def block(self, block_id: str) -> Block:
        return next(block for block in self.blocks if block.id == block_id)


@dataclass(frozen=True)
class Procedure:
    """Everything that one procedure says, in one language."""

    id: str
    language: str
    title: str
    short: str
    about: tuple[str, ...]
    leaflet: str
    facts: tuple[Fact, ...]
    misconceptions: tuple[Misconception, ...]
    lessons: tuple[Lesson, ...]
    themes: tuple[Theme, ...]
    terms: tuple[Term, ...]
    limits: str = ""

    def __hash__(self) -> int:
        return hash((self.id, self.language))  # cheap, because functions cache their results by procedure

    def items(self) -> Iterator[Item]:
        """Yield all items, in the order in which they are asked."""
        for lesson in self.lessons:
            yield from lesson.items

    def item(self, item_id: str) -> Item | None:
        return next((item for item in self.items() if item.id == item_id), None)

    def lesson_of(self, item_id: str) -> Lesson:
        return next(lesson for lesson in self.lessons if any(item.id == item_id for item in lesson.items))

    def lesson_number(self, lesson: Lesson) -> int:
        """Return its number, counted from 1."""
        return self.lessons.index(lesson) + 1

    def fact(self, fact_id: str) -> Fact:
        return next(fact for fact in self.facts if fact.id == fact_id)

    def reasons_to_ask(self, fact_ids: Iterable[str]) -> tuple[str, tuple[str, ...]]:
        """Return why some of these facts may not hold for a patient: who differs, and the reasons, each once.

        "person" if people differ in any of them, "clinic" if only clinics do; "" and no reasons if nothing differs.
        """
        varying = [fact for fact in map(self.fact, fact_ids) if fact.varies]
        kinds = {fact.varies_by for fact in varying}
        kind = "person" if "person" in kinds else "clinic" if kinds else ""
        return kind, tuple(dict.fromkeys(fact.varies for fact in varying))

    @cached_property
    def new_terms(self) -> Mapping[str, tuple[Term, ...]]:
        """Lesson id -> the terms that it uses and no earlier lesson did, so that each is explained once."""
        found, earlier = {}, ""
        for lesson in self.lessons:
            here = lesson.words.casefold()
            found[lesson.id] = tuple(term for term in self.terms if term.is_in(here) and not term.is_in(earlier))
            earlier += here
        return found

    def misconception_name(self, misconception_id: str) -> str:
        """Return the name; "" for the key and for "I don't know yet"."""
        return next((m.name for m in self.misconceptions if m.id == misconception_id), "")

    def prompts(self) -> Iterator[Prompt]:
        for theme in self.themes:
            yield from theme.prompts


@dataclass(frozen=True)
class Edition:
    """A procedure at one moment, in all its languages. `id` is the hash of what patients can see."""

    id: str
    procedure_id: str
    source: str
    languages: dict[str, Procedure]

    def in_language(self, language: str) -> Procedure:
        """Return the procedure in this language, or in its source language if there is no translation."""
        return self.languages.get(language, self.languages[self.source])
