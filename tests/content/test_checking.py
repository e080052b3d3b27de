"""What `quizapp check` finds, and that it finds nothing in what we ship."""

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from quizapp.cli import main
from quizapp.content import skeletons
from quizapp.content.checking import RULES, check_all, check_procedure
from tests.content.hostile_content import FLAWS, add, first_options, swap, write_translation
from tests.content.near_misses import NEAR_MISSES

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "questions" / "it-pump"


@pytest.fixture
def procedure(tmp_path):
    """A copy of the small made-up procedure, which no rule objects to."""
    return Path(shutil.copytree(ROOT / "tests" / "procedures" / "left-right", tmp_path / "left-right"))


@pytest.fixture
def pump(tmp_path):
    """A copy of the shipped content."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "it-pump"))


def rules_found(folder):
    return {finding.rule for finding in check_procedure(folder).findings}


def test_it_finds_nothing_in_the_shipped_content():
    assert [str(finding) for finding in check_procedure(SHIPPED).findings] == []


def test_it_lets_only_this_stand_in_the_shipped_content():
    """Every suppression that we ship: a new one is written here too, so that somebody has to read its reason."""
    assert [(s.finding.rule, s.finding.id, s.reason) for s in check_procedure(SHIPPED).suppressed] == []


def test_it_finds_nothing_in_the_made_up_procedures():
    assert [str(f) for report in check_all(ROOT / "tests" / "procedures") for f in report.findings] == []


def test_every_rule_has_a_bad_and_a_good_example():
    assert set(FLAWS) == set(RULES)
    assert set(NEAR_MISSES) == set(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_it_finds_the_flaw_planted_in_a_copy_of_our_content(pump, rule):
    FLAWS[rule](pump)
    found = [finding for finding in check_procedure(pump).findings if finding.rule == rule]
    assert found, rule
    assert all(finding.path.is_relative_to(pump) and finding.message and finding.fix for finding in found)


@pytest.mark.parametrize("rule", sorted(set(RULES) - {"key-longest", "key-position", "key-shortest"}))
def test_it_finds_the_flaw_in_a_small_procedure_too(procedure, rule):
    FLAWS[rule](procedure)
    assert rule in rules_found(procedure)


@pytest.mark.parametrize("rule", RULES)
def test_it_lets_pass_what_only_looks_like_the_flaw(procedure, rule):
    NEAR_MISSES[rule](procedure)
    assert [str(f) for f in check_procedure(procedure).findings if f.rule == rule] == []


@pytest.mark.parametrize("rule", RULES)
def test_it_explains_every_rule(rule):
    said = CliRunner().invoke(main, ["check", "--explain", rule])
    assert said.exit_code == 0
    assert RULES[rule].title in said.output
    assert RULES[rule].why in said.output


def test_it_names_file_line_rule_and_what_to_do(procedure):
    swap(r"^stem = .*", 'stem = "Where does the bell not hang?"', "en/lessons/1-bell.toml")(procedure)
    lines = (procedure / "en/lessons/1-bell.toml").read_text().splitlines()
    line = 1 + next(number for number, text in enumerate(lines) if text.startswith("stem"))
    said = CliRunner().invoke(main, ["check", str(procedure)])
    assert said.exit_code == 1
    assert f'1-bell.toml:{line}: [negative-stem] the stem says "not". Ask for what is true' in said.output
    assert "left-right: 1 finding\n" in said.output


def test_it_reports_all_problems_at_once_those_of_loading_too(procedure):
    add("en/facts.toml", "[[")(procedure)
    add("en/prompts.toml", 'who = "me"')(procedure)
    swap(r"^stem = .*", 'stem = "Where does the bell not hang?"')(procedure)
    first_options("Always left")(procedure)
    report = check_procedure(procedure)
    assert {(f.path.name, f.rule) for f in report.findings} >= {
        ("facts.toml", "loads"),
        ("prompts.toml", "loads"),
        ("1-bell.toml", "negative-stem"),
        ("1-bell.toml", "absolute-option"),
    }


def test_it_gives_the_line_of_a_toml_error_and_of_a_wrong_type(procedure):
    add("en/glossary.toml", "[[")(procedure)
    swap(r"^paragraph = 2", 'paragraph = "two"', "en/facts.toml")(procedure)
    lines = {f.path.name: f.line for f in check_procedure(procedure).findings}
    glossary = (procedure / "en/glossary.toml").read_text().splitlines()
    facts = (procedure / "en/facts.toml").read_text().splitlines()
    assert lines == {"glossary.toml": glossary.index("[[") + 1, "facts.toml": facts.index('paragraph = "two"') + 1}


def test_it_gives_the_line_of_a_typographic_quotation_mark(procedure):
    swap(r'^term = "bell"', "term = \u201cbell\u201d", "en/glossary.toml")(procedure)
    glossary = (procedure / "en/glossary.toml").read_text().splitlines()
    (finding,) = check_procedure(procedure).findings
    assert finding.line == glossary.index("term = \u201cbell\u201d") + 1


def test_it_speaks_json(procedure):
    first_options("Always left")(procedure)
    said = CliRunner().invoke(main, ["check", str(procedure), "--json"])
    assert said.exit_code == 1
    (report,) = json.loads(said.output)
    assert [(f["rule"], f["id"]) for f in report["findings"]] == [("absolute-option", "bell-place/a")]
    assert report["findings"][0]["line"] > 1
    assert {grade["lesson"] for grade in report["grades"]} == {"bell", "lamp"}


def test_it_shows_one_rule_alone_and_passes_if_that_finds_nothing(procedure):
    first_options("Always left")(procedure)
    assert CliRunner().invoke(main, ["check", str(procedure), "--rule", "absolute-option"]).exit_code == 1
    assert CliRunner().invoke(main, ["check", str(procedure), "--rule", "negative-stem"]).exit_code == 0


def test_it_says_which_rules_there_are_when_asked_for_another():
    said = CliRunner().invoke(main, ["check", "--rule", "nice-words"])
    assert said.exit_code == 2
    assert "negative-stem" in said.output


def test_it_does_not_call_an_empty_folder_clean(tmp_path):
    said = CliRunner().invoke(main, ["check", str(tmp_path)])
    assert said.exit_code == 1
    assert "there is no procedure" in said.output


def test_it_lets_stand_what_is_suppressed_with_a_reason_and_says_so(procedure):
    first_options("Always left")(procedure)
    reason = "It is what people here say, word for word"
    suppress = f'[[suppress]]\nrule = "absolute-option"\nid = "bell-place/a"\nreason = "{reason}"'
    add("procedure.toml", suppress)(procedure)
    said = CliRunner().invoke(main, ["check", str(procedure)])
    assert said.exit_code == 0
    assert f"suppressed: [absolute-option] bell-place/a: {reason}" in said.output


def test_it_does_not_let_a_broken_reference_be_suppressed(procedure):
    swap(r'^fact = ".*"', 'fact = "nowhere"')(procedure)
    add("procedure.toml", '[[suppress]]\nrule = "references"\nid = "bell-place"\nreason = "we know"')(procedure)
    assert rules_found(procedure) >= {"references", "suppression"}


def test_it_names_the_blanks_of_a_new_procedure_and_nothing_else(tmp_path):
    skeletons.new_procedure(tmp_path, "stimulator")
    skeletons.new_lesson(tmp_path / "stimulator", "second")
    skeletons.new_item(tmp_path / "stimulator" / "en" / "lessons" / "1-first.toml", "more")
    findings = check_procedure(tmp_path / "stimulator").findings
    assert {finding.rule for finding in findings} == {"blank"}
    assert any("stem is still blank. Write: the question, at most 25 words" in str(finding) for finding in findings)


def test_it_measures_spanish_by_its_own_formula(procedure):
    write_translation(procedure, "es")
    assert rules_found(procedure) == set()
    swap(r'^dont_know = ".*"', 'dont_know = "Administración intratecal farmacológica."', "es/lessons/1-bell.toml")(
        procedure
    )
    (finding,) = check_procedure(procedure).findings
    assert finding.rule == "reading-grade"
    assert "Fernández-Huerta" in finding.message


LEFT = r"(\[items\.bell-place\.forms\.a\.options\.left\]\n.*\n)text = .*"
RIGHT = LEFT.replace("left", "right")
FLAWS_OF_A_TRANSLATION = {
    "word-limit": swap(r"^stem = .*", f'stem = "{"sol " * 13}. {"sol " * 13}"', "es/lessons/1-bell.toml"),
    "negative-stem": swap(r"^stem = .*", 'stem = "¿Qué no es?"', "es/lessons/1-bell.toml"),
    "absolute-option": swap(LEFT, r'\1text = "Siempre."', "es/lessons/1-bell.toml"),
    "all-or-none": swap(LEFT, r'\1text = "Todas las anteriores."', "es/lessons/1-bell.toml"),
    "one-kind": swap(LEFT, r'\1text = "La luz"', "es/lessons/1-bell.toml"),
    "key-length": swap(RIGHT, r'\1text = "La luz de la sala, que da a la calle."', "es/lessons/1-bell.toml"),
    "no-markup": swap(r"^main = .*", 'main = "<b>La luz.</b>"', "es/lessons/1-bell.toml"),
    "glossary": swap(r"^term = .*", 'term = "el sol"', "es/glossary.toml"),
}


@pytest.mark.parametrize("rule", FLAWS_OF_A_TRANSLATION)
def test_it_finds_in_a_translation_the_clues_and_lengths_that_it_finds_in_the_source(procedure, rule):
    write_translation(procedure, "es")
    FLAWS_OF_A_TRANSLATION[rule](procedure)
    findings = check_procedure(procedure).findings
    assert {finding.rule for finding in findings} == {rule}
    assert all(finding.path.is_relative_to(procedure / "es") and finding.line for finding in findings)


def test_it_calls_a_translation_stale_once_the_source_has_changed(procedure):
    write_translation(procedure)
    swap(r'^text = "The bell is on the right\."', 'text = "The bell is right there."', "en/facts.toml")(procedure)
    (finding,) = check_procedure(procedure).findings
    assert (finding.rule, finding.id) == ("translation-stale", "xx/facts/bell-place")


def test_it_writes_a_schema_for_each_kind_of_file(tmp_path):
    said = CliRunner().invoke(main, ["schema", str(tmp_path / "schemas")])
    assert said.exit_code == 0
    lesson = json.loads((tmp_path / "schemas" / "lesson.schema.json").read_text())
    assert set(lesson["required"]) == {"id", "title", "main", "blocks", "items"}
    assert set(json.loads(CliRunner().invoke(main, ["schema"]).output)) >= {"facts", "procedure", "lesson"}


def test_it_prints_that_no_way_of_guessing_beats_chance_in_what_we_ship():
    said = CliRunner().invoke(main, ["check", "--guess", str(SHIPPED)])
    assert said.exit_code == 0, said.output
    assert "it-pump en: shortest option" in said.output
    assert "it-pump es: odd one out" in said.output


def test_it_exits_with_1_if_guessing_beats_chance(pump):
    """Every key is made the longest option."""
    for lesson in (pump / "en" / "lessons").glob("*.toml"):
        longer = re.sub(
            r'"\nkey = true', r', and so on, and so on, and so on, and so on"\nkey = true', lesson.read_text()
        )
        lesson.write_text(longer)
    said = CliRunner().invoke(main, ["check", "--guess", str(pump)])
    assert said.exit_code == 1
    assert "above chance" in said.output
