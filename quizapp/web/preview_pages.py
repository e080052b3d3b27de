"""What the preview shows while the content cannot be read."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BrokenPage:
    problems: tuple[str, ...]
