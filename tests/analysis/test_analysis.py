"""What `quizapp analyse` promises: its shape, what counts, flags, and errors that name the cell."""

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from quizapp.analysis import AnalysisError, Missing, analyse_file, as_json, as_text
from tests.analysis.made_up_quizzes import item_ids, made_up_choices, made_up_marks, write


def figures(tmp_path: Path, rows: Iterable[Sequence[object]], **options: Any) -> dict[str, Any]:
    return as_json(analyse_file(write(tmp_path / "data.csv", rows), **options))


def key_file(tmp_path: Path, *keys: tuple[str, str]) -> Path:
    return write(tmp_path / "key.csv", [("item", "key"), *keys])


def test_it_has_the_shape_that_programs_rely_on(tmp_path: Path) -> None:
    key = key_file(tmp_path, ("q1", "A"), ("q2", "B"))
    analysis = figures(tmp_path, [["q1", "q2"], ["A", "B"], ["B", "B"]], key_path=key)
    assert list(analysis) == ["test", "items"]
    assert list(analysis["test"]) == ["n", "k", "mean", "sd", "alpha", "sem"]
    item = analysis["items"][0]
    assert list(item) == [
        *("id", "n", "facility", "facility_low", "facility_high", "item_total_r", "item_rest_r"),
        *("alpha_if_deleted", "discriminative_efficiency", "d27", "options", "flags"),
    ]
    assert list(item["options"][0]) == ["id", "n", "share", "mean_rest", "r_rest", "is_key"]
    assert json.loads(json.dumps(analysis, allow_nan=False)) == analysis


def test_it_gives_null_where_a_figure_is_not_defined(tmp_path: Path) -> None:
    nobody = figures(tmp_path, [["q1", "q2"]])
    assert nobody["test"] == {"n": 0, "k": 2, "mean": None, "sd": None, "alpha": None, "sem": None}
    assert set(map(str, nobody["items"][0].values())) == {"q1", "0", "None", "[]"}

    one = figures(tmp_path, [["q1", "q2"], [1, 0]])
    assert (one["test"]["mean"], one["test"]["sd"], one["test"]["alpha"]) == (1, None, None)
    assert one["items"][0]["facility"] == 1
    assert one["items"][0]["d27"] is None

    # 0.1 + 0.2 is 0.3 here, so nobody differs from anybody.
    alike = figures(tmp_path, [["q1", "q2"], [0.1, 0.2], [0.3, 0], [0, 0.3]])
    assert alike["test"]["sd"] == 0
    assert alike["test"]["alpha"] is None
    assert alike["items"][0]["item_total_r"] is None
    assert alike["items"][0]["d27"] == 0
    assert alike["items"][0]["item_rest_r"] == -1


def test_it_leaves_negative_values_negative(tmp_path: Path) -> None:
    first = figures(tmp_path, [["q1", "q2", "q3"], [1, 0, 0], [0, 1, 1], [0, 1, 0], [1, 0, 1]])["items"][0]
    assert first["item_rest_r"] < 0
    assert first["discriminative_efficiency"] < 0


def test_it_does_not_mind_the_order_of_rows(tmp_path: Path) -> None:
    key = key_file(tmp_path, *((item, "A") for item in item_ids(5)))
    rows = made_up_choices(n=300, k=5, seed=2).tolist()
    there = figures(tmp_path, [item_ids(5), *rows], key_path=key)
    assert figures(tmp_path, [item_ids(5), *reversed(rows)], key_path=key) == there

    marks = made_up_marks(n=300, k=5, seed=2).tolist()
    assert figures(tmp_path, [item_ids(5), *marks]) == figures(tmp_path, [item_ids(5), *reversed(marks)])


def test_it_counts_a_missing_answer_as_wrong_unless_told_to_drop_the_person(tmp_path: Path) -> None:
    key = key_file(tmp_path, ("q1", "A"), ("q2", "A"))
    rows = [["q1", "q2"], ["A", "A"], ["", "A"], ["B", "B"], ["A", " "]]
    wrong = figures(tmp_path, rows, key_path=key)
    assert wrong["test"]["n"] == 4
    assert [item["facility"] for item in wrong["items"]] == [0.5, 0.5]
    assert [(option["id"], option["share"]) for option in wrong["items"][0]["options"]] == [
        ("A", 0.5),
        ("B", 0.25),
    ]
    drop = figures(tmp_path, rows, key_path=key, missing=Missing.DROP)
    assert drop["test"]["n"] == 2

    marks = [["q1", "q2"], [1, 1], ["", 1], [0, 0]]
    assert figures(tmp_path, marks)["items"][0]["facility"] == pytest.approx(1 / 3)
    assert figures(tmp_path, marks, missing=Missing.DROP)["items"][0]["facility"] == 0.5


def test_it_suspects_the_key_of_an_item_that_was_keyed_wrongly(tmp_path: Path) -> None:
    choices = made_up_choices(n=800, k=6, seed=3)
    key = key_file(tmp_path, *((item, "B" if item == "q4" else "A") for item in item_ids(6)))
    items = figures(tmp_path, [item_ids(6), *choices.tolist()], key_path=key)["items"]
    assert items[3]["flags"][:2] == ["miskey_suspect", "distractor_beats_key"]
    assert items[3]["item_rest_r"] < 0
    assert all("miskey_suspect" not in item["flags"] for item in items if item["id"] != "q4")
    assert "dead_distractor" in items[0]["flags"]  # D has 3 % of the wrong answers


def test_it_reads_what_spreadsheets_write(tmp_path: Path) -> None:
    plain = tmp_path / "plain.csv"
    plain.write_bytes(b"q1,q2\n1,0\n0.5,1\n0,0\n")
    excel = tmp_path / "excel.csv"
    excel.write_bytes(b'\xef\xbb\xbfq1, q2\r\n"1",0.0\r\n5e-1, 1\r\n0,0\r\n\r\n')
    assert analyse_file(excel) == analyse_file(plain)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("q1,q2\n1,0\n1\n", "row 3, column 2 (q2): the row ends after 1 of 2 cells"),
        ("q1,q2\n1,0,1\n", "row 2, column 3: the row has 3 cells, the header 2"),
        ("q1,q2\n1,0\n\n1,1\n", "row 3, column 1 (q1): the row ends after 0 of 2 cells"),
        ("q1,q2\n1,0\n0,yes\n", "row 3, column 2 (q2): 'yes' is not a mark from 0 to 1"),
        ("q1,q2\n1,1.5\n", "row 2, column 2 (q2): '1.5' is not a mark from 0 to 1"),
        ("q1,q2\n-0.1,1\n", "row 2, column 1 (q1): '-0.1' is not a mark from 0 to 1"),
        ("q1,q2\nnan,1\n", "row 2, column 1 (q1): 'nan' is not a mark from 0 to 1"),
        ("q1,q2\ninf,1\n", "row 2, column 1 (q1): 'inf' is not a mark from 0 to 1"),
        ("", "row 1, column 1: there is no header of item ids"),
        ("q1,,q3\n", "row 1, column 2: the item has no id"),
        ("q1,q2,q1\n", "row 1, column 3: q1 is in the header twice"),
        ("q1\n" + 9_999 * "1\n" + "\n1\n", "row 10001, column 1 (q1): the row ends after 0 of 1 cells"),
        ("q1\n" + 25_000 * "1\n" + "x\n", "row 25002, column 1 (q1): 'x' is not a mark from 0 to 1"),
    ],
)
def test_it_names_the_row_and_column_that_it_cannot_read(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "data.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(AnalysisError) as caught:
        analyse_file(path)
    assert str(caught.value) == f"data.csv: {message}"


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("item,key\nq1,A\n", "data.csv: row 1, column 2: the key file has no key for q2"),
        ("item,key\nq1,A\nq2,\n", "key.csv: row 3, column 2 (key): q2 has no key"),
        ("item,key\nq1,A\nq1,B\n", "key.csv: row 3, column 2 (key): q1 has two keys"),
        ("q1,A\nq2,A\n", "key.csv: row 1, column 1: the columns must be item,key"),
        ("item,key\nq1\n", "key.csv: row 2, column 2 (key): the row ends after 1 of 2 cells"),
    ],
)
def test_it_names_what_is_wrong_with_the_key_file(tmp_path: Path, keys: str, message: str) -> None:
    data = write(tmp_path / "data.csv", [["q1", "q2"], ["A", "B"]])
    (tmp_path / "key.csv").write_text(keys, encoding="utf-8")
    with pytest.raises(AnalysisError) as caught:
        analyse_file(data, tmp_path / "key.csv")
    assert str(caught.value) == message


def test_it_says_which_file_is_not_there_or_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(AnalysisError, match=r"gone\.csv: No such file"):
        analyse_file(tmp_path / "gone.csv")
    (tmp_path / "latin.csv").write_bytes("q1,q2\n1,0\n0,é\n".encode("latin-1"))
    with pytest.raises(AnalysisError, match=r"latin\.csv: row 3, column 2 is not UTF-8 text"):
        analyse_file(tmp_path / "latin.csv")


def test_it_names_the_row_of_a_quote_that_never_ends(tmp_path: Path) -> None:
    (tmp_path / "data.csv").write_text("q1,q2\n1,0\n" + '1,"' + 200_000 * "0", encoding="utf-8")
    with pytest.raises(AnalysisError, match=r"data\.csv: row 3: field larger than field limit"):
        analyse_file(tmp_path / "data.csv")


def test_it_prints_a_table_that_a_person_can_read(tmp_path: Path) -> None:
    key = key_file(tmp_path, ("q1", "A"), ("q2", "A"))
    data = write(tmp_path / "data.csv", [["q1", "q2"], ["A", "A"], ["B", "A"], ["B", "B"]])
    lines = as_text(analyse_file(data, key)).splitlines()
    assert lines[0] == "3 people, 2 items; mean 1.000, sd 1.000, alpha 0.667, standard error 0.577"
    assert " ".join(lines[2].split()) == "item n facility from to r total r rest alpha w/o efficiency D27"
    assert lines[3].startswith("q1    3     0.333")
    assert "distractor_beats_key" not in lines[3]  # two of three people say nothing about a key
    assert lines[-3].split() == ["q2", "n", "share", "mean", "rest", "r", "rest"]
    assert lines[-2].split() == ["A", "2", "0.667", "0.500", "0.500", "key"]


@pytest.mark.full
@pytest.mark.parametrize("kind", ["options", "marks"])
def test_it_analyses_a_million_rows_in_20_seconds_and_300_megabytes(tmp_path: Path, kind: str) -> None:
    some = made_up_choices(n=10_000, k=20, seed=1) if kind == "options" else np.round(made_up_marks(10_000, 20, 1), 2)
    rows = "".join(",".join(map(str, row)) + "\n" for row in some.tolist())
    with (tmp_path / "data.csv").open("w", encoding="utf-8") as file:
        file.write(",".join(item_ids(20)) + "\n")
        for _ in range(100):
            file.write(rows)
    key = key_file(tmp_path, *((item, "A") for item in item_ids(20)))
    program = (
        "import resource, sys; from pathlib import Path; from quizapp.analysis import analyse_file;"
        "print(analyse_file(*map(Path, sys.argv[1:])).test.n,"
        " (used := resource.getrusage(resource.RUSAGE_SELF)).ru_maxrss // 1024, used.ru_utime + used.ru_stime)"
    )
    files = [str(tmp_path / "data.csv"), *([str(key)] if kind == "options" else [])]
    done = subprocess.run([sys.executable, "-c", program, *files], capture_output=True, text=True, check=True)
    people, megabytes, seconds = map(float, done.stdout.split())  # of CPU: others may be at work too
    print(f"{kind}: {seconds:.1f} s of CPU, {megabytes:.0f} MB")
    assert people == 1_000_000
    assert seconds < 20
    assert megabytes < 300
