"""The released counts of a procedure, group by group, as the disclosure step lets them out."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from quizapp.aggregation import tallies, thresholds
from quizapp.aggregation.tallies import CountedPlace as Place
from quizapp.aggregation.tallies import CountedWay
from quizapp.content.editions import Editions
from quizapp.disclosure import publication
from quizapp.disclosure.item_counts import ItemCounts
from quizapp.disclosure.item_counts import talks as talk_counts
from quizapp.disclosure.publication import Figures, Group
from quizapp.domain.grading import Result
from quizapp.domain.outcomes import Outcome
from quizapp.domain.procedure import Item, Procedure
from quizapp.domain.response_cells import quarter_of


@dataclass(frozen=True)
class Profile:
    """For whom figures are. `closed_quarters_only`: the quarter that is still going on is left out."""

    id: str
    title: str
    closed_quarters_only: bool
    disclose: Callable[[Group, int], Figures]


PROFILES = {
    profile.id: profile
    for profile in (
        Profile("publishable", "Publishable: small counts left out, the rest rounded", True, publication.publishable),
        Profile(
            "internal",
            "Internal: exact counts, NOT FOR PUBLICATION",
            False,
            lambda group, _min_group: publication.internal(group),
        ),
    )
}


@dataclass(frozen=True)
class GroupFigures:
    """What may be shown of the attempts at one place, under which threshold, and the content they were made on."""

    place: Place
    procedure: Procedure
    figures: Figures
    min_group: int


def group_figures(
    session: Session, editions: Editions, procedure_id: str, profile: Profile, today: date
) -> tuple[GroupFigures, ...]:
    """Every place of a procedure, oldest quarter first. Reads tallies only.

    Each quarter goes out under the threshold that it was counted under, whatever is set now.
    """
    options: dict[Place, dict[str, list[CountedWay]]] = defaultdict(lambda: defaultdict(list))
    for option in tallies.options(session, procedure_id):
        options[option.place][option.item].append(option)
    scores: dict[Place, dict[int, int]] = defaultdict(dict)
    for score in tallies.scores(session, procedure_id):
        scores[score.place][score.score] = score.n
    talks: dict[Place, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for talk in tallies.outcomes(session, procedure_id):
        talks[talk.place][talk.item][talk.outcome] = talk.n
    min_groups = thresholds.by_quarter(session)
    found = []
    for place in sorted({*options, *talks}):
        if profile.closed_quarters_only and not is_over(place.quarter, today):
            continue
        procedure = editions.by_id(session, place.edition).in_language(place.language)
        group = _group(procedure, options[place], scores[place], talks[place])
        # A program from before thresholds were kept may have counted in a quarter that has none yet.
        min_group = min_groups.get(place.quarter) or max(min_groups.values())
        found.append(GroupFigures(place, procedure, profile.disclose(group, min_group), min_group))
    return tuple(found)


def is_over(quarter: str, today: date) -> bool:
    """Whether nothing more is counted in a quarter: from the second day of the next one.

    Not from the first: a batch that began a moment before midnight may still be on its way.
    """
    yesterday = today - timedelta(days=1)
    return quarter < quarter_of(yesterday.year, yesterday.month)


def _group(
    procedure: Procedure,
    options: dict[str, list[CountedWay]],
    scores: dict[int, int],
    talks: dict[str, dict[str, int]],
) -> Group:
    return Group(
        tuple(_item_counts(item, options.get(item.id, [])) for item in procedure.items()),
        scores,
        tuple(
            talk_counts(item.id, {outcome.value: talks.get(item.id, {}).get(outcome.value, 0) for outcome in Outcome})
            for item in procedure.items()
        ),
    )


def _item_counts(item: Item, rows: list[CountedWay]) -> ItemCounts:
    form = item.forms[0]
    chosen = {option.id: 0 for option in form.options}
    dont_know = right_after = sure_wrong = 0
    for row in rows:
        if row.option == "":
            dont_know += row.n
        else:
            chosen[row.option] += row.n
        missed = row.option != form.key.id
        if missed and row.retry == Result.RIGHT.value:
            right_after += row.n
        if missed and row.option and row.certainty == "sure":
            sure_wrong += row.n
    return ItemCounts(item.id, form.key.id, chosen, dont_know, right_after, sure_wrong)
