"""How made-up patients answer: some questions are harder than others, and one belief is common."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from quizapp.domain.grading import Certainty, Response
from quizapp.domain.procedure import Item, Procedure

EASE = (0.95, 0.93, 0.9, 0.94, 0.84, 0.92, 0.96, 0.9, 0.93, 0.88, 0.68, 0.9, 0.94, 0.91)  # by place in the quiz
QUICK = 0.85  # the share of patients who take nearly everything in
CLEAR, BY_RETRY = 0.9, 0.15  # below, one wrong answer draws nearly all; how much easier it is at a second try


@dataclass(frozen=True)
class MadeUpPatient:
    """How likely a made-up patient takes in what is easy, is sure, and has no answer; each from 0 to 1."""

    skill: float
    boldness: float
    doubt: float


def draw_patient(chance: random.Random) -> MadeUpPatient:
    skill = chance.betavariate(40, 1) if chance.random() < QUICK else chance.betavariate(6, 4)
    return MadeUpPatient(skill, chance.betavariate(2, 2), chance.betavariate(1, 20))


def ease_of_items(procedure: Procedure) -> dict[str, float]:
    """Item id -> how likely those who take everything in are right; made up, whatever the item asks."""
    return {item.id: EASE[place % len(EASE)] for place, item in enumerate(procedure.items())}


def respond(
    item: Item, try_number: int, patient: MadeUpPatient, ease: Mapping[str, float], chance: random.Random
) -> Response:
    """One made-up answer. The first distractor is the one that most choose; of a hard item nearly all."""
    form, easy = item.form_for(try_number), ease[item.id]
    if chance.random() < patient.doubt:
        return Response(item.id, try_number, form.id, None, Certainty.NONE)
    chosen = form.key
    if chance.random() >= min(1.0, patient.skill * easy + BY_RETRY * (try_number - 1)):
        distractors = [option for option in form.options if not option.key]
        steepness = 2.0 if easy >= CLEAR else 6.0
        chosen = chance.choices(distractors, [steepness**-place for place in range(len(distractors))])[0]
    sure = Certainty.SURE if chance.random() < patient.boldness else Certainty.THINK
    return Response(item.id, try_number, form.id, chosen.id, sure)


def all_responses(procedure: Procedure, ease: Mapping[str, float], chance: random.Random) -> Iterator[Response]:
    """Every answer of one more made-up patient who finishes."""
    patient = draw_patient(chance)
    for item in procedure.items():
        for try_number in range(1, item.tries + 1):
            given = respond(item, try_number, patient, ease, chance)
            yield given
            if given.option_id == item.form_for(try_number).key.id:
                break
