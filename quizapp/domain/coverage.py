"""Where each fact of the leaflet is taught and tested: facts against lessons and items."""

from collections import defaultdict
from dataclasses import dataclass

from quizapp.domain.gettext_marker import N_
from quizapp.domain.procedure import Fact, Procedure


@dataclass(frozen=True)
class FactCoverage:
    """One fact: the lessons (by number) whose blocks teach it, the items that test it, and which are critical."""

    fact: Fact
    taught_in: tuple[int, ...]
    tested_by: tuple[str, ...]
    critical: bool

    @property
    def standing(self) -> str:
        """A word or two that describe it."""
        if not self.taught_in:
            return N_("not used")
        if self.tested_by:
            return N_("critical") if self.critical else N_("tested")
        return N_("not tested, on purpose") if not self.fact.quiz else N_("taught only")


def coverage(procedure: Procedure) -> tuple[FactCoverage, ...]:
    """Return the coverage of every fact, in the order of the leaflet."""
    taught_in: dict[str, dict[int, None]] = defaultdict(dict)
    for number, lesson in enumerate(procedure.lessons, start=1):
        for fact_id in (fact_id for block in lesson.blocks for fact_id in block.facts):
            taught_in[fact_id][number] = None
    found = []
    for fact in procedure.facts:
        items = [item for item in procedure.items() if item.fact == fact.id]
        tested_by = tuple(item.id for item in items)
        found.append(FactCoverage(fact, tuple(taught_in[fact.id]), tested_by, any(item.critical for item in items)))
    return tuple(found)


def unused_places(procedure: Procedure) -> tuple[tuple[str, int], ...]:
    """Return each (section, paragraph) of the leaflet from which no lesson teaches anything."""
    rows = coverage(procedure)
    used = {(row.fact.section, row.fact.paragraph) for row in rows if row.taught_in}
    every = dict.fromkeys((row.fact.section, row.fact.paragraph) for row in rows)
    return tuple(place for place in every if place not in used)
