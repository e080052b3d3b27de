"""Proves on every change that the content asks what it taught, in plain words, without giving the answer away."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from quizapp.content.checks.checked_procedure import Course, Finding, open_course
from quizapp.content.checks.table import CHECKS, NEVER_SUPPRESSED
from quizapp.content.readability import count, flesch_kincaid, smog
from quizapp.content.skeletons import BLANK

__all__ = [
    "CHECKS",
    "Finding",
    "ReadingGrades",
    "Report",
    "Suppressed",
    "as_json",
    "as_lines",
    "check_all",
    "check_procedure",
]


@dataclass(frozen=True)
class Suppressed:
    """A finding that procedure.toml lets stand, with its written reason."""

    finding: Finding
    reason: str


@dataclass(frozen=True)
class ReadingGrades:
    """A lesson's grades as a reader meets it: Flesch-Kincaid of its own words; SMOG too, rough below 30 sentences."""

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
    """Hold one procedure's folder to every rule of CHECKS, or to one. Never raises for what is in the files."""
    course = open_course(folder)
    readable = not any(problem.rule == "loads" for problem in course.problems)
    found = [finding for check in CHECKS.values() if readable or not check.whole for finding in check.find(course)]
    findings: list[Finding] = []
    suppressed: list[Suppressed] = []
    reasons = {(s.rule, s.id): s.reason for s in course.suppressions if s.rule not in NEVER_SUPPRESSED}
    for finding in found:
        reason = reasons.get((finding.rule, finding.id))
        if reason is None:
            findings.append(finding)
        else:
            suppressed.append(Suppressed(finding, reason))
    if readable:
        findings += _idle_suppressions(course, suppressed)
    order = sorted(findings, key=lambda finding: (str(finding.path), finding.line or 0, finding.rule, finding.message))
    return Report(
        folder,
        tuple(finding for finding in order if rule in (None, finding.rule)),
        tuple(entry for entry in suppressed if rule in (None, entry.finding.rule)),
        tuple(_grades(course)),
    )


def check_all(path: Path, rule: str | None = None) -> list[Report]:
    """One report for a procedure's folder, or one for each procedure below it. Empty where there is none."""
    if (path / "procedure.toml").exists():
        return [check_procedure(path, rule)]
    return [check_procedure(file.parent, rule) for file in sorted(path.glob("*/procedure.toml"))]


def as_lines(reports: list[Report]) -> Iterator[str]:
    """What a person reads: every finding, what was suppressed and why, and a closing line for each procedure."""
    for report in reports:
        yield from (str(finding) for finding in report.findings)
        for entry in report.suppressed:
            yield f"suppressed: [{entry.finding.rule}] {entry.finding.id}: {entry.reason}"
        number = len(report.findings)
        yield f"{report.folder.name}: {number} finding{'' if number == 1 else 's'}"
        if report.grades:
            grades = [grade.flesch_kincaid for grade in report.grades]
            yield f"  Flesch-Kincaid grade of its lessons: {min(grades)} to {max(grades)}"


def _idle_suppressions(course: Course, suppressed: list[Suppressed]) -> Iterator[Finding]:
    used = {(entry.finding.rule, entry.finding.id) for entry in suppressed}
    path = course.folder / "procedure.toml"
    for number, suppression in enumerate(course.suppressions, start=1):
        place = ("suppress", str(number))
        if suppression.rule not in CHECKS:
            message, mend = f"there is no rule {suppression.rule!r}", "quizapp check --explain lists them"
        elif suppression.rule in NEVER_SUPPRESSED:
            message, mend = f"the rule {suppression.rule!r} cannot be switched off", "Mend what it found"
        elif (suppression.rule, suppression.id) not in used:
            message, mend = f"{suppression.rule} finds nothing at {suppression.id!r}", "Take the suppression out"
        else:
            continue
        yield course.finding("suppression", path, place, suppression.id, message, mend)


def _grades(course: Course) -> Iterator[ReadingGrades]:
    """Of finished English lessons only: neither formula was made for another language."""
    if course.source != "en":
        return
    for _, lesson in course.files.lessons:
        words = [lesson.main, *(block.text for block in lesson.blocks)]
        if any(BLANK in text for text in words):
            continue
        counts = count("\n\n".join(words), "en", course.allowed_terms)
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
    return {**asdict(finding), "path": str(finding.path)}
