"""XLSX: a cover, a sheet for each table, and charts. Text is written as text, never as a formula."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING

from quizapp.reports.tables import Book, Chart, Table, plain

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MAX_WIDTH = 60  # characters
MAX_CELL_LENGTH = 32_767  # characters, a limit of the format
WRITTEN = datetime(2000, 1, 1)  # noqa: DTZ001 - the same book gives the same bytes; the cover says when
BAR_PIXELS, CHART_PIXELS = 26, 110  # a bar, and what surrounds all of them
NUMBERS = {"": "0", "per cent": '0" %"'}


def write(book: Book) -> bytes:
    from xlsxwriter import Workbook  # only here: few processes ever write a spreadsheet

    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = Workbook(file, options)
    workbook.set_properties({"title": plain(book.title), "created": WRITTEN})
    bold = workbook.add_format({"bold": True})
    header = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    _cover(workbook.add_worksheet("Cover"), book, bold)
    for table in book.tables:
        numbers = [_number_format(workbook, column.unit) for column in table.columns]
        sheet = workbook.add_worksheet(table.title[:31])
        _table(sheet, table, header, numbers)
        _for_paper(sheet, book)
    if book.charts:
        _charts(workbook, workbook.add_worksheet("Charts"), book.charts, header)
    workbook.close()
    for sheet in workbook.worksheets():  # free the cells now, not all at once while patients wait
        sheet.table.clear()
    return file.getvalue()


def _cover(sheet: Worksheet, book: Book, bold: Format) -> None:
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, MAX_WIDTH)
    _text(sheet, 0, 0, book.title, bold)
    for row, (name, value) in enumerate(book.facts, start=2):
        _text(sheet, row, 0, name)
        _text(sheet, row, 1, value)
    for row, note in enumerate(book.notes, start=len(book.facts) + 3):
        _text(sheet, row, 0, note)


def _table(sheet: Worksheet, table: Table, header: Format, numbers: list[Format]) -> None:
    for place, column in enumerate(table.columns):
        _text(sheet, 0, place, column.id, header)
        longest = max((len(str(row[place] or "")) for row in table.rows), default=0)
        sheet.set_column(place, place, min(MAX_WIDTH, max(longest, len(column.id)) + 2))
    for number, row in enumerate(table.rows, start=1):
        for place, cell in enumerate(row):
            if isinstance(cell, str) and cell:
                _text(sheet, number, place, cell)
            elif isinstance(cell, int):
                sheet.write_number(number, place, cell, numbers[place])
    sheet.freeze_panes(1, 0)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _for_paper(sheet: Worksheet, book: Book) -> None:
    """Repeat the header row, and who the book is for, on every printed page."""
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer(f"&L{book.notes[0] if book.notes else ''}&R&P / &N")


def _charts(workbook: Workbook, sheet: Worksheet, charts: tuple[Chart, ...], header: Format) -> None:
    """Put each chart next to the cells that it is drawn from."""
    sheet.set_column(0, 0, MAX_WIDTH)
    top = 0
    for chart in charts:
        _text(sheet, top, 0, chart.title, header)
        _text(sheet, top, 1, chart.unit, header)
        number = _number_format(workbook, chart.unit)
        for row, (label, value) in enumerate(chart.bars, start=top + 1):
            _text(sheet, row, 0, label)
            if value is not None:
                sheet.write_number(row, 1, value, number)
        last = top + len(chart.bars)
        height = CHART_PIXELS + BAR_PIXELS * len(chart.bars)
        sheet.insert_chart(top, 3, _drawn(workbook, sheet.get_name(), chart, top + 1, last, height))
        top = max(last, top + height // 20) + 2  # a row is 20 pixels high


def _drawn(workbook: Workbook, name: str, chart: Chart, first: int, last: int, height: int) -> object:
    drawn = workbook.add_chart({"type": "bar"})
    drawn.add_series(
        {
            "name": plain(chart.title),
            "categories": [name, first, 0, last, 0],
            "values": [name, first, 1, last, 1],
            "data_labels": {"value": True},
            "fill": {"color": "#1f5f8b"},
            "gap": 60,
        }
    )
    drawn.set_title({"name": plain(chart.title), "name_font": {"size": 12}})
    drawn.set_legend({"none": True})
    drawn.set_y_axis({"reverse": True})  # the first question on top
    drawn.set_x_axis({"name": chart.unit, "min": 0} | ({"max": 100} if chart.unit == "per cent" else {}))
    drawn.set_size({"width": 900, "height": height})
    return drawn


def _number_format(workbook: Workbook, unit: str) -> Format:
    return workbook.add_format({"num_format": NUMBERS.get(unit, "#,##0")})


def _text(sheet: Worksheet, row: int, column: int, text: str, shape: Format | None = None) -> None:
    sheet.write_string(row, column, plain(text)[:MAX_CELL_LENGTH], shape)
