"""requirements.lock holds all that quizapp runs on, at versions that pyproject.toml allows, with hashes."""

import re
import tomllib
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text()
LOCKED = {
    canonicalize_name(name): version for name, version in re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", LOCK, re.MULTILINE)
}


def asked_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return [Requirement(line) for line in project["dependencies"]]


def test_it_locks_versions_that_the_project_allows():
    wrong = [str(r) for r in asked_for() if not r.specifier.contains(LOCKED.get(canonicalize_name(r.name), "0"))]
    assert wrong == [], "run .ci/lock renew"


def test_it_locks_what_those_need_in_turn():
    todo, seen = [*asked_for()], set()
    while todo:
        requirement = todo.pop()
        name = canonicalize_name(requirement.name)
        if (name, *requirement.extras) in seen:
            continue
        seen.add((name, *requirement.extras))
        for line in distribution(name).requires or ():
            needed = Requirement(line)
            extras = requirement.extras or {""}
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras):
                todo.append(needed)
    assert {name for name, *_ in seen} - set(LOCKED) == set()


def test_it_has_a_hash_for_each_and_names_no_place():
    entries = re.split(r"\n(?=[a-z0-9])", LOCK.split("#\n", 3)[-1].strip())
    assert len(entries) == len(LOCKED) > 15
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert re.findall(r"https?:|file:|--(?:extra-)?index|--find|/(?:home|opt|tmp|root|usr)/", LOCK) == []
