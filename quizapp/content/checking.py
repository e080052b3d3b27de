"""Check that the content asks what it taught, in plain words, without giving the answer away."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from quizapp.content.checks import guessing, reading, serving, structure, translations, wording
from quizapp.content.checks.rules import RULES, CheckedProcedure, Finding, Found, read_checked_procedure, rule
from quizapp.content.loading import procedure_folders
from quizapp.content.readability import count_lesson, flesch_kincaid, smog
from quizapp.content.schema import BLANK
from quizapp.content.toml_positions import Location

RULE_MODULES = (structure, serving, wording, guessing, reading, translations)  # imported for their rules


@dataclass(frozen=True)
class Suppressed:
    """A finding that procedure.toml suppresses, with its written reason."""

    finding: Finding
    reason: str


@dataclass(frozen=True)
class ReadingGrades:
    """A lesson's reading grades: Flesch-Kincaid, and SMOG, which is rough below 30 sentences."""

    lesson: str
    flesch_kincaid: float
    smog: float


@dataclass(frozen=True)
class Report:
    """What was found in one procedure, in the order of the files."""

    folder: Path
    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]
    grades: tuple[ReadingGrades, ...]


def check_procedure(folder: Path, rule: str | None = None) -> Report:
    """Check one procedure's folder against every rule, or against one. Never raises for what is in the files."""
    procedure = read_checked_procedure(folder)
    for check in RULES.values():
        if not (procedure.problems and check.whole):
            procedure.findings.extend(check.find(procedure))
    optional = {check.id for check in RULES.values() if not check.always}
    reasons = {(s.rule, s.id): s.reason for s in procedure.files.procedure.suppress if s.rule in optional}
    shown = [finding for finding in procedure.findings if rule in (None, finding.rule)]
    order = sorted(shown, key=lambda finding: (str(finding.path), finding.line or 0, finding.rule, finding.message))
    return Report(
        folder,
        tuple(finding for finding in order if (finding.rule, finding.id) not in reasons),
        tuple(Suppressed(f, reasons[f.rule, f.id]) for f in shown if (f.rule, f.id) in reasons),
        tuple(_grades(procedure)),
    )


def check_all(path: Path, rule: str | None = None) -> list[Report]:
    """Return a report for a procedure's folder, or one for each procedure below it. Empty if there is none."""
    return [check_procedure(folder, rule) for folder in procedure_folders(path)]


@rule("suppression", "Every suppression names a rule, and hides a finding", whole=True, always=True)
def idle_suppressions(procedure: CheckedProcedure) -> Found:
    """One that is no longer needed would hide the next flaw."""
    found = {(finding.rule, finding.id) for finding in procedure.findings}  # of all other rules: this is the last one
    for number, suppression in enumerate(procedure.files.procedure.suppress, start=1):
        at = Location(procedure.files.folder / "procedure.toml", ("suppress", str(number)), suppression.id)
        if suppression.rule not in RULES:
            yield at, f"there is no rule {suppression.rule!r}", "quizapp check --explain lists them"
        elif RULES[suppression.rule].always:
            yield at, f"the rule {suppression.rule!r} cannot be switched off", "Fix what it found"
        elif (suppression.rule, suppression.id) not in found:
            yield at, f"{suppression.rule} finds nothing at {suppression.id!r}", "Remove the suppression"


def as_lines(reports: list[Report]) -> Iterator[str]:
    """Return the report as text: every finding, what was suppressed and why, and a closing line for each procedure."""
    for report in reports:
        yield from (str(finding) for finding in report.findings)
        for entry in report.suppressed:
            yield f"suppressed: [{entry.finding.rule}] {entry.finding.id}: {entry.reason}"
        number = len(report.findings)
        yield f"{report.folder.name}: {number} finding{'' if number == 1 else 's'}"
        if report.grades:
            grades = [grade.flesch_kincaid for grade in report.grades]
            yield f"  Flesch-Kincaid grade of its lessons: {min(grades)} to {max(grades)}"


def _grades(procedure: CheckedProcedure) -> Iterator[ReadingGrades]:
    """Return the grades of finished English lessons: neither formula was made for another language."""
    if procedure.source != "en":
        return
    for _, lesson in procedure.files.lessons:
        if all(BLANK not in text for text in (lesson.main, *(block.text for block in lesson.blocks))):
            counts = count_lesson(lesson, procedure.allowed_terms)
            yield ReadingGrades(lesson.id, round(flesch_kincaid(counts), 1), round(smog(counts), 1))


def as_json(report: Report) -> dict[str, Any]:
    """Return a report as plain values: folder, findings, suppressed, grades. A finding's line may be null."""
    return {
        "folder": str(report.folder),
        "findings": [_finding_as_json(finding) for finding in report.findings],
        "suppressed": [{**_finding_as_json(s.finding), "reason": s.reason} for s in report.suppressed],
        "grades": [asdict(grades) for grades in report.grades],
    }


def _finding_as_json(finding: Finding) -> dict[str, Any]:
    """`fix` is called "mend" here, the name that programs already read."""
    values = asdict(finding)
    return {**values, "path": str(finding.path), "mend": values.pop("fix")}
