"""Check that the content asks what it taught, in plain words, without giving the answer away."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from quizapp.content.checks import balance, guessing, reading, structure, translations, wording
from quizapp.content.checks.rules import RULES, CheckedProcedure, Finding, read_checked_procedure, rule
from quizapp.content.readability import count, flesch_kincaid, smog
from quizapp.content.schema import BLANK

__all__ = [
    "RULES",
    "Finding",
    "ReadingGrades",
    "Report",
    "Suppressed",
    "as_json",
    "as_lines",
    "check_all",
    "check_procedure",
]
# Imported for their rules.
RULE_MODULES = (structure, wording, guessing, balance, reading, translations)


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
    readable = not any(problem.rule == "loads" for problem in procedure.problems)
    found = [finding for check in RULES.values() if readable or not check.whole for finding in check.find(procedure)]
    findings: list[Finding] = []
    suppressed: list[Suppressed] = []
    reasons = {
        (s.rule, s.id): s.reason for s in procedure.suppressions if not (s.rule in RULES and RULES[s.rule].always)
    }
    for finding in found:
        reason = reasons.get((finding.rule, finding.id))
        if reason is None:
            findings.append(finding)
        else:
            suppressed.append(Suppressed(finding, reason))
    if readable:
        findings += _idle_suppressions(procedure, suppressed)
    order = sorted(findings, key=lambda finding: (str(finding.path), finding.line or 0, finding.rule, finding.message))
    return Report(
        folder,
        tuple(finding for finding in order if rule in (None, finding.rule)),
        tuple(entry for entry in suppressed if rule in (None, entry.finding.rule)),
        tuple(_grades(procedure)),
    )


def check_all(path: Path, rule: str | None = None) -> list[Report]:
    """One report for a procedure's folder, or one for each procedure below it. Empty if there is none."""
    return [check_procedure(folder, rule) for folder in procedures_below(path)]


def procedures_below(path: Path) -> list[Path]:
    """Return the path itself if it is a procedure's folder, or each such folder below it."""
    if (path / "procedure.toml").exists():
        return [path]
    return sorted(file.parent for file in path.glob("*/procedure.toml"))


def as_lines(reports: list[Report]) -> Iterator[str]:
    """The report as text: every finding, what was suppressed and why, and a closing line for each procedure."""
    for report in reports:
        yield from (str(finding) for finding in report.findings)
        for entry in report.suppressed:
            yield f"suppressed: [{entry.finding.rule}] {entry.finding.id}: {entry.reason}"
        number = len(report.findings)
        yield f"{report.folder.name}: {number} finding{'' if number == 1 else 's'}"
        if report.grades:
            grades = [grade.flesch_kincaid for grade in report.grades]
            yield f"  Flesch-Kincaid grade of its lessons: {min(grades)} to {max(grades)}"


@rule(
    "suppression",
    "Every suppression names a rule, and hides a finding",
    "One that is no longer needed would hide the next flaw.",
    always=True,
)
def _judged_last(_procedure: CheckedProcedure) -> Iterator[Finding]:
    """Nothing here: `check_procedure` judges suppressions once it knows what they hid."""
    return iter(())


def _idle_suppressions(procedure: CheckedProcedure, suppressed: list[Suppressed]) -> Iterator[Finding]:
    used = {(entry.finding.rule, entry.finding.id) for entry in suppressed}
    path = procedure.folder / "procedure.toml"
    for number, suppression in enumerate(procedure.suppressions, start=1):
        place = ("suppress", str(number))
        if suppression.rule not in RULES:
            message, fix = f"there is no rule {suppression.rule!r}", "quizapp check --explain lists them"
        elif RULES[suppression.rule].always:
            message, fix = f"the rule {suppression.rule!r} cannot be switched off", "Fix what it found"
        elif (suppression.rule, suppression.id) not in used:
            message, fix = f"{suppression.rule} finds nothing at {suppression.id!r}", "Remove the suppression"
        else:
            continue
        yield procedure.finding("suppression", path, place, suppression.id, message, fix)


def _grades(procedure: CheckedProcedure) -> Iterator[ReadingGrades]:
    """Only for finished English lessons: neither formula was made for another language."""
    if procedure.source != "en":
        return
    for _, lesson in procedure.files.lessons:
        words = [lesson.main, *(block.text for block in lesson.blocks)]
        if any(BLANK in text for text in words):
            continue
        counts = count("\n\n".join(words), "en", procedure.allowed_terms)
        yield ReadingGrades(lesson.id, round(flesch_kincaid(counts), 1), round(smog(counts), 1))


def as_json(report: Report) -> dict[str, Any]:
    """A report as plain values: folder, findings, suppressed, grades. A finding's line may be null."""
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
