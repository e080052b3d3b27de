"""Whatever stands in the files, checking ends in findings and serving in BrokenContent, never in a traceback."""

import json
import os
import shutil
import tomllib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.content.checking import as_json, as_lines, check_all
from quizapp.content.editions import load_catalogue
from quizapp.content.loading import BrokenContent
from tests.content.hostile_content import write_translation

SOURCE = Path(__file__).parents[1] / "procedures" / "left-right"


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The files of the made-up procedure with a translation: name and text."""
    folder = Path(shutil.copytree(SOURCE, tmp_path_factory.mktemp("whole") / "left-right"))
    write_translation(folder, "es")
    return {path.relative_to(folder).as_posix(): path.read_text() for path in sorted(folder.rglob("*.toml"))}


@pytest.fixture(scope="module")
def questions(tmp_path_factory):
    return tmp_path_factory.mktemp("questions")


# Values that an author, a converter or an attacker may write where something else belongs.
scalars = st.one_of(
    st.text(max_size=30).map(lambda text: json.dumps(text, ensure_ascii=True)),
    st.integers().map(str),
    st.floats(allow_nan=True).map(str),
    st.sampled_from(
        [
            "true",
            "false",
            "[]",
            "{}",
            "[{}]",
            "[[]]",
            "nan",
            "inf",
            "2026-11-24",
            "07:32:00",
            '""',
            '"dont-know"',
            '"___"',
        ]
    ),
    st.sampled_from(
        ['"../../etc/passwd"', '"\\u0000"', '"<script>"', '"]("', '"' + "a " * 500 + '"', "1e400", "9" * 5000]
    ),
)


def replaced_values(draw, text):
    """The file with the values of some entries replaced."""
    lines = text.splitlines()
    entries = [number for number, line in enumerate(lines) if " = " in line]
    for number in draw(st.lists(st.sampled_from(entries), min_size=1, max_size=4)):
        name = lines[number].split(" = ")[0]
        lines[number] = f"{name} = {draw(scalars)}"
    return "\n".join(lines)


def shuffled_lines(draw, text):
    """The file with some lines left out, doubled or elsewhere."""
    lines = text.splitlines()
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(lines)))
        length = draw(st.integers(0, 8))
        taken = lines[start : start + length]
        if draw(st.booleans()):
            del lines[start : start + length]
        target = draw(st.integers(0, len(lines)))
        lines[target:target] = taken
    return "\n".join(lines)


def spliced(draw, text):
    """The file with some other characters in it."""
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + 20)))
    return text[:start] + draw(st.text(max_size=20)) + text[end:]


@st.composite
def mangled(draw, files):
    """Some of the files, changed in one of several ways, as bytes; None takes a file away."""
    changed = {}
    for name in draw(st.lists(st.sampled_from(sorted(files)), min_size=1, max_size=3, unique=True)):
        way = draw(st.sampled_from([replaced_values, replaced_values, shuffled_lines, spliced, "random", "gone"]))
        if way == "random":
            changed[name] = draw(st.binary(max_size=200))
        elif way == "gone":
            changed[name] = None
        else:
            changed[name] = way(draw, files[name]).encode("utf-8", "surrogatepass")
    return changed


def put(questions, whole, changed):
    shutil.rmtree(questions / "left-right", ignore_errors=True)
    for name, text in whole.items():
        content = changed.get(name, text.encode())
        path = questions / "left-right" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is not None:
            path.write_bytes(content)


def hold_to_it(questions, whole, changed):
    put(questions, whole, changed)
    reports = check_all(questions)
    assert all(isinstance(line, str) for line in as_lines(reports))
    assert json.loads(json.dumps([as_json(report) for report in reports])) is not None
    findings = [finding for report in reports for finding in report.findings]
    assert findings or not reports or is_served(questions)  # what cannot be served is never called clean
    for name, content in changed.items():
        if name.startswith("en/") and "procedure.toml" not in changed and content is not None and not parses(content):
            assert any(finding.path == questions / "left-right" / name for finding in findings)


def is_served(questions):
    try:
        return bool(load_catalogue(questions).editions)
    except BrokenContent:
        return False


def parses(content):
    try:
        tomllib.loads(content.decode())
    except (ValueError, RecursionError):
        return False
    return True


SLOW = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large)


@settings(max_examples=3 * settings().max_examples, suppress_health_check=SLOW)
@given(data=st.data())
def test_it_ends_in_findings_for_mangled_procedures(questions, whole, data):
    hold_to_it(questions, whole, data.draw(mangled(whole)))


@pytest.mark.full
@settings(max_examples=10_000, deadline=None, suppress_health_check=SLOW)
@given(data=st.data())
def test_it_ends_in_findings_for_10_000_mangled_procedures(questions, whole, data):
    hold_to_it(questions, whole, data.draw(mangled(whole)))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("x" * 10_000_000, id="10 MB"),
        pytest.param("a = " + "[" * 10_000 + "]" * 10_000, id="lists 10,000 deep"),
        pytest.param("a = " + "{b = " * 10_000 + "1" + "}" * 10_000, id="tables 10,000 deep"),
        pytest.param("a" + ".a" * 10_000 + " = 1", id="a name 10,000 long"),
        pytest.param("a" + ".a" * 139_000 + " = 1", id="a name as long as a file may be"),
        pytest.param("".join(f"[{'a.' * 3_000}b{n}]\n" for n in range(60)), id="60 headers 3,000 deep"),
        pytest.param("".join(f"k{n} = 1\n" for n in range(30_000)), id="30,000 names that do not belong"),
        pytest.param("[[facts]]\n" * 39_000, id="39,000 empty facts"),
        pytest.param("facts = 5", id="a number for a list"),
        pytest.param("[facts]\nfacts = 'facts'", id="a table for a list"),
        pytest.param("paragraph = " + "9" * 390_000, id="a number of 390,000 digits"),
    ],
)
@pytest.mark.parametrize("name", ["en/facts.toml", "procedure.toml", "es/facts.toml"])
def test_it_refuses_huge_and_deep_files_in_few_lines(questions, whole, name, content):
    """A reader gets a list to work through, however many mistakes a file holds."""
    put(questions, whole, {name: content.encode()})
    (report,) = check_all(questions)
    named = [finding for finding in report.findings if finding.path == questions / "left-right" / name]
    assert 1 <= len(named) < 110
    assert not is_served(questions) or name.startswith("es/")


def test_it_refuses_links_in_circles_pipes_and_folders_for_files(questions, whole):
    put(questions, whole, {"en/facts.toml": None, "en/prompts.toml": None, "en/glossary.toml": None})
    source = questions / "left-right" / "en"
    (source / "facts.toml").symlink_to(source / "facts.toml")
    os.mkfifo(source / "prompts.toml")
    (source / "glossary.toml").mkdir()
    (report,) = check_all(questions)
    assert {"facts.toml", "prompts.toml", "glossary.toml"} <= {finding.path.name for finding in report.findings}
    with pytest.raises(BrokenContent):
        load_catalogue(questions)


def test_it_names_what_refers_to_each_other_in_a_circle(questions, whole):
    """Two lessons that each test what only the other teaches: one of them comes too early."""
    swapped = {}
    for name, old, new in (("1-bell", "bell-place", "lamp-place"), ("2-lamp", "lamp-place", "bell-place")):
        text = whole[f"en/lessons/{name}.toml"]
        swapped[f"en/lessons/{name}.toml"] = text.replace(f'fact = "{old}"', f'fact = "{new}"').encode()
    put(questions, whole, swapped)
    (report,) = check_all(questions)
    assert "taught-first" in {finding.rule for finding in report.findings}
