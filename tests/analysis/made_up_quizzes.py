"""Data of quizzes that nobody took, as CSV files, for the tests of `quizapp analyse`."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np


def write(path: Path, rows: Iterable[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def item_ids(k: int) -> list[str]:
    return [f"q{number}" for number in range(1, k + 1)]


def made_up_choices(n: int, k: int, seed: int) -> np.ndarray:
    """Options A to D with key A; some know more than others, and 3 % of the cells are empty."""
    random = np.random.default_rng(seed)
    knows = random.normal(size=(n, 1)) + random.normal(size=(n, k)) > np.linspace(-1.2, 0.8, k)
    choices = np.where(knows, "A", random.choice(list("BCD"), size=(n, k), p=[0.6, 0.37, 0.03]))
    return np.where(random.random((n, k)) < 0.03, "", choices)


def made_up_marks(n: int, k: int, seed: int) -> np.ndarray:
    """Marks that hang together, from 0 to 1."""
    random = np.random.default_rng(seed)
    return np.clip(0.6 + 0.2 * random.normal(size=(n, 1)) + 0.25 * random.normal(size=(n, k)), 0, 1)
