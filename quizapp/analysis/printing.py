"""An analysis as JSON values and as text."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from quizapp.analysis.figures import Analysis, ItemFigures

_COLUMNS = {
    "n": "n",
    "facility": "facility",
    "facility_low": "from",
    "facility_high": "to",
    "item_total_r": "r total",
    "item_rest_r": "r rest",
    "alpha_if_deleted": "alpha w/o",
    "discriminative_efficiency": "efficiency",
    "d27": "D27",
}
_OPTION_COLUMNS = {"n": "n", "share": "share", "mean_rest": "mean rest", "r_rest": "r rest"}


def as_json(analysis: Analysis) -> dict[str, Any]:
    """{"test": {...}, "items": [{..., "options": [...], "flags": [...]}]}; None, so null, where undefined."""
    return {
        "test": asdict(analysis.test),
        "items": [
            asdict(item) | {"options": [asdict(option) for option in item.options], "flags": list(item.flags)}
            for item in analysis.items
        ],
    }


def as_text(analysis: Analysis) -> str:
    """The test in one line, a table of the items, and a table of each item's options; "-" where undefined."""
    test = analysis.test
    lines = [
        f"{test.n} people, {test.k} items; mean {_number(test.mean)}, sd {_number(test.sd)},"
        f" alpha {_number(test.alpha)}, standard error {_number(test.sem)}",
        "",
        *_table([_row(item, item.id, _COLUMNS, ", ".join(item.flags)) for item in analysis.items], _COLUMNS),
    ]
    for item in analysis.items:
        if item.options:
            lines += ["", *_option_lines(item)]
    return "\n".join(lines) + "\n"


def _option_lines(item: ItemFigures) -> Iterator[str]:
    rows = [_row(option, option.id, _OPTION_COLUMNS, "key" if option.is_key else "") for option in item.options]
    return _table(rows, _OPTION_COLUMNS, item.id)


def _row(figures: object, name: str, columns: dict[str, str], remark: str) -> list[str]:
    return [name, *(_number(getattr(figures, column)) for column in columns), remark]


def _table(rows: Sequence[Sequence[str]], columns: dict[str, str], title: str = "item") -> Iterator[str]:
    """The name to the left, figures to the right, a remark at the end."""
    table = [[title, *columns.values(), ""], *rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for name, *figures, remark in table:
        cells = [name.ljust(widths[0]), *map(str.rjust, figures, widths[1:])]
        yield "  ".join([*cells, remark]).rstrip()


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"
