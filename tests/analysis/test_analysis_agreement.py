"""`quizapp analyse` agrees to 1e-9 with an independent implementation in numpy and scipy."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import binomtest, pearsonr, rankdata

from quizapp.analysis import Missing, analyse_file, as_json
from tests.analysis.made_up_quizzes import item_ids, made_up_choices, made_up_marks, write

AGREEMENT = 1e-9


def r(a: np.ndarray, b: np.ndarray) -> float | None:
    return None if np.ptp(a) == 0 or np.ptp(b) == 0 else float(pearsonr(a, b).statistic)


def cronbach(marks: np.ndarray) -> float:
    covariances = np.cov(marks, rowvar=False)
    k = len(covariances)
    return float(k / (k - 1) * (1 - np.trace(covariances) / covariances.sum()))


def d27(own: np.ndarray, scores: np.ndarray) -> float:
    size = np.floor(0.27 * len(scores) + 0.5)
    first, last = rankdata(scores, "min"), rankdata(scores, "max")
    below, above, tied = first - 1, len(scores) - last, last - first + 1
    chance_upper, chance_lower = (np.clip((size - beyond) / tied, 0, 1) for beyond in (above, below))
    return float(((chance_upper - chance_lower) * own).sum() / size)


def expected_test(marks: np.ndarray) -> dict[str, Any]:
    scores, alpha = marks.sum(axis=1), cronbach(marks)
    deviation = float(np.std(scores, ddof=1))
    return {
        "n": len(marks),
        "k": marks.shape[1],
        "mean": scores.mean(),
        "sd": deviation,
        "alpha": alpha,
        "sem": deviation * (1 - alpha) ** 0.5,
    }


def expected_item(marks: np.ndarray, item: int) -> dict[str, Any]:
    # Scores are rounded so that the dust of floating point does not break ties.
    own, scores = marks[:, item], np.round(marks.sum(axis=1), 10)
    rest = scores - own
    largest = np.cov(np.sort(own), np.sort(rest))[0, 1]
    return {
        "n": len(own),
        "facility": own.mean(),
        "item_total_r": r(own, scores),
        "item_rest_r": r(own, rest),
        "alpha_if_deleted": cronbach(np.delete(marks, item, axis=1)),
        "discriminative_efficiency": np.cov(own, rest)[0, 1] / largest,
        "d27": d27(own, scores),
    }


def expected_options(chosen: np.ndarray, rest: np.ndarray) -> list[dict[str, Any]]:
    return [
        {
            "id": option,
            "n": int((chosen == option).sum()),
            "share": (chosen == option).mean(),
            "mean_rest": rest[chosen == option].mean(),
            "r_rest": r((chosen == option).astype(float), rest),
            "is_key": option == "A",
        }
        for option in sorted(set(chosen) - {""})
    ]


def assert_close(ours: dict[str, Any], expected: dict[str, Any]) -> None:
    assert {name: ours[name] for name in expected} == pytest.approx(expected, abs=AGREEMENT, rel=0)


@pytest.mark.parametrize("missing", list(Missing))
def test_it_agrees_with_an_independent_implementation_on_options(tmp_path: Path, missing: Missing) -> None:
    choices = made_up_choices(n=1500, k=9, seed=6)
    data = write(tmp_path / "data.csv", [item_ids(9), *choices.tolist()])
    key = write(tmp_path / "key.csv", [["item", "key"], *([item, "A"] for item in item_ids(9))])
    ours = as_json(analyse_file(data, key, missing))

    if missing is Missing.DROP:
        choices = choices[(choices != "").all(axis=1)]
    marks = (choices == "A").astype(float)
    assert_close(ours["test"], expected_test(marks))
    for number, item in enumerate(ours["items"]):
        assert_close(item, expected_item(marks, number))
        interval = binomtest(int(marks[:, number].sum()), len(marks)).proportion_ci(method="wilson")
        assert_close(item, {"facility_low": interval.low, "facility_high": interval.high})
        rest = marks.sum(axis=1) - marks[:, number]
        options = expected_options(choices[:, number], rest)
        assert len(item["options"]) == len(options)
        for option, expected in zip(item["options"], options, strict=True):
            assert_close(option, expected)


@pytest.mark.parametrize(
    "marks",
    [
        pytest.param((made_up_marks(1200, 7, 1) > 0.5).astype(float), id="right-and-wrong"),
        pytest.param(np.round(made_up_marks(1200, 7, 2) * 4) / 4, id="quarters"),
        pytest.param(np.round(made_up_marks(1200, 7, 3) * 10) / 10, id="tenths"),
        pytest.param(np.round(made_up_marks(1200, 7, 4), 2), id="hundredths"),
        pytest.param(made_up_marks(1200, 7, 5), id="every-mark-another"),
        pytest.param(np.round(made_up_marks(25_000, 3, 6), 3), id="several-blocks"),
        pytest.param(np.round(made_up_marks(11, 3, 7)), id="hardly-anybody"),
    ],
)
def test_it_agrees_with_an_independent_implementation_on_marks(tmp_path: Path, marks: np.ndarray) -> None:
    data = write(tmp_path / "data.csv", [item_ids(marks.shape[1]), *marks.tolist()])
    ours = as_json(analyse_file(data))
    assert_close(ours["test"], expected_test(marks))
    for number, item in enumerate(ours["items"]):
        assert_close(item, expected_item(marks, number))
        assert item["options"] == item["flags"] == []
