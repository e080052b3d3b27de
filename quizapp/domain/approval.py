"""Sign-off: which lessons a clinician has approved, and whether they have changed since."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum

from quizapp.domain.gettext_marker import N_
from quizapp.domain.procedure import Lesson


class ApprovalState(StrEnum):
    APPROVED = N_("approved")
    CHANGED = N_("changed since it was approved")
    NEVER = N_("not yet approved by a clinician")


@dataclass(frozen=True)
class Approval:
    """Who (a role or initials) approved a lesson and its items, when, and the hash of what they read."""

    approved_by: str
    approved_on: date
    of: str


@dataclass(frozen=True)
class LessonApproval:
    """`approval` is None if the lesson was never approved. `of` is the lesson's current hash."""

    of: str
    approval: Approval | None

    @property
    def state(self) -> ApprovalState:
        if self.approval is None:
            return ApprovalState.NEVER
        return ApprovalState.APPROVED if self.approval.of == self.of else ApprovalState.CHANGED


def lesson_hash(lesson: Lesson) -> str:
    """Return the first 12 hex digits of the SHA-256 of all texts of the lesson and its items."""
    return hashlib.sha256(json.dumps(asdict(lesson), sort_keys=True).encode()).hexdigest()[:12]
