"""The rules of `quizapp check`: each is a function with a decorator that says what it wants and why."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from quizapp.content.checks.checked_procedure import CheckedProcedure, Finding

Find = Callable[[CheckedProcedure], Iterator[Finding]]


@dataclass(frozen=True)
class Rule:
    """One rule. `why` is for authors who ask; `whole`: it needs every file to be readable; `always`: no suppression
    switches it off, because nothing can be served without it.
    """

    id: str
    title: str
    why: str
    find: Find
    whole: bool
    always: bool


RULES: dict[str, Rule] = {}  # in the order in which they are defined


def rule(rule_id: str, title: str, why: str, *, whole: bool = False, always: bool = False) -> Callable[[Find], Find]:
    """Add a rule. The function yields a finding for each thing to fix."""

    def add(find: Find) -> Find:
        RULES[rule_id] = Rule(rule_id, title, why, find, whole, always)
        return find

    return add
