"""Small made-up content and attempts for tests."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from quizapp.accounts.auth import SignedIn
from quizapp.content.editions import make_edition, store_edition
from quizapp.domain.grading import Certainty, Response
from quizapp.domain.procedure import (
    Block,
    Edition,
    Fact,
    Form,
    Item,
    Lesson,
    Misconception,
    Option,
    Procedure,
    Prompt,
    Theme,
)
from quizapp.domain.visit_codes import CodeKeys, keys_from
from quizapp.models import Attempt
from quizapp.patients import attempts

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, 30)
KEYS: CodeKeys = keys_from(["a key for tests"])


def make_item(item_id: str, *, critical: bool = False, block: str = "b") -> Item:
    """An item with the options right, left and middle; two forms if it is critical. The key is "right"."""
    forms = tuple(
        Form(
            form_id,
            f"{item_id}, form {form_id}: where?",
            (
                Option("left", "On the left", f"{item_id} left: it is on the right.", misconception="is-left"),
                Option("right", "On the right", f"{item_id} right: yes, on the right.", key=True),
                Option("middle", "In the middle", f"{item_id} middle: right.", misconception="is-middle"),
            ),
        )
        for form_id in (("a", "b") if critical else ("a",))
    )
    return Item(
        item_id,
        fact=f"fact-{item_id}",
        block=block,
        critical=critical,
        shuffle=True,
        teach_back=f"Could you tell me about {item_id}?",
        dont_know=f"{item_id}: that is fine. It is on the right.",
        forms=forms,
    )


def make_procedure(lessons: tuple[tuple[Item, ...], ...] | None = None, procedure_id: str = "made-up") -> Procedure:
    """Two lessons with two items each: one critical ("one", "three"), one not ("two", "four")."""
    lessons = lessons or (
        (make_item("one", critical=True), make_item("two")),
        (make_item("three", critical=True), make_item("four")),
    )
    items = [item for lesson in lessons for item in lesson]
    return Procedure(
        id=procedure_id,
        language="en",
        title="A made-up procedure",
        short="It is about left and right.",
        about=("You read two lessons.",),
        leaflet="A made-up leaflet",
        facts=tuple(Fact(item.fact, f"The thing of {item.id} is on the right.", "Places", 1) for item in items),
        misconceptions=(
            Misconception("is-left", "thinks it is on the left"),
            Misconception("is-middle", "thinks it is in the middle"),
        ),
        lessons=tuple(
            Lesson(
                f"lesson-{number}",
                f"Lesson number {number}",
                "It is on the right.",
                (Block("b", "Where it is", "On the right.", "<p>On the right.</p>", tuple(i.fact for i in items)),),
                lesson,
            )
            for number, lesson in enumerate(lessons, start=1)
        ),
        themes=(Theme("risks", "Risks", (Prompt("my-risks", "What are the risks for me?"),)),),
        terms=(),
    )


def make_test_edition(procedure: Procedure | None = None) -> Edition:
    procedure = procedure or make_procedure()
    return make_edition(Edition("", procedure.id, procedure.language, {procedure.language: procedure}))


def make_nurse(staff_id: int, name: str, session_hash: bytes) -> SignedIn:
    """A nurse who is signed in."""
    return SignedIn(staff_id, name, "nurse", session_hash, False, None, NOW, None)


def keep_edition(session: Session, edition: Edition, today: date = TODAY) -> None:
    store_edition(session, edition, today)


def begin(session: Session, edition: Edition, today: date = TODAY) -> tuple[Attempt, bytes]:
    return attempts.begin(session, edition, edition.source, KEYS, today)


def walk(
    session: Session,
    edition: Edition,
    choices: dict[str, tuple[str | None, ...]] | None = None,
    *,
    sure: tuple[str, ...] = (),
    prompts: tuple[str, ...] = (),
    finish: bool = True,
    today: date = TODAY,
    min_group: int = 11,
) -> tuple[Attempt, bytes]:
    """An attempt that answers as `choices` say: item id -> option at each try (None: don't know).

    Items not named are answered with the key. Items named in `sure` are answered "sure". With `finish` False it
    goes as far as the prompts and stays open.
    """
    attempt, secret = begin(session, edition, today)
    procedure = edition.in_language(edition.source)
    for number, lesson in enumerate(procedure.lessons, start=1):
        attempts.read_lesson(session, attempt, procedure, number, today)
        for item in lesson.items:
            given = (choices or {}).get(item.id, (item.forms[0].key.id,))
            for try_number, option in enumerate(given, start=1):
                certainty = Certainty.SURE if item.id in sure else Certainty.THINK
                form = item.form_for(try_number)
                response = Response(item.id, try_number, form.id, option, certainty)
                attempts.answer(session, attempt, procedure, response, today)
    if finish:
        attempts.finish(session, attempt, procedure, prompts, today, min_group)
    return attempt, secret
