"""Where each fact of the leaflet is taught and tested: facts against lessons and items."""

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
    taught = [{fact for block in lesson.blocks for fact in block.facts} for lesson in procedure.lessons]
    found = []
    for fact in procedure.facts:
        taught_in = tuple(number for number, facts in enumerate(taught, start=1) if fact.id in facts)
        items = [item for item in procedure.items() if item.fact == fact.id]
        tested_by = tuple(item.id for item in items)
        found.append(FactCoverage(fact, taught_in, tested_by, any(item.critical for item in items)))
    return tuple(found)


def unused_places(procedure: Procedure) -> tuple[tuple[str, int], ...]:
    """Return each (section, paragraph) of the leaflet from which no lesson teaches anything."""
    rows = coverage(procedure)
    used = {(row.fact.section, row.fact.paragraph) for row in rows if row.taught_in}
    every = dict.fromkeys((row.fact.section, row.fact.paragraph) for row in rows)
    return tuple(place for place in every if place not in used)
