"""XLSX: a cover, a sheet for each table, and charts. Text is written as text: no formula can slip in."""

import io

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from quizapp.domain.tables import Book, Cell, Table

WIDEST = 60  # characters
CHART_ROWS = 40


def write(book: Book) -> bytes:
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(file, options)
    workbook.set_properties({"title": book.title})
    bold = workbook.add_format({"bold": True})
    header = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    whole = workbook.add_format({"num_format": "#,##0"})
    _cover(workbook.add_worksheet("Cover"), book, bold)
    for table in book.tables:
        sheet = workbook.add_worksheet(table.title[:31])
        _table(sheet, table, header, whole)
        if table.id in CHARTS:
            _chart(workbook, sheet, table, *CHARTS[table.id])
    workbook.close()
    return file.getvalue()


# The columns that a chart shows: what stands on the axis, and the bars.
CHARTS = {"misconceptions": ("name", "n"), "scores": ("highest", "n"), "options": ("text", "percent")}


def _cover(sheet: Worksheet, book: Book, bold: object) -> None:
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, WIDEST)
    sheet.write_string(0, 0, plain(book.title), bold)
    for row, (name, value) in enumerate(book.facts, start=2):
        sheet.write_string(row, 0, name)
        sheet.write_string(row, 1, plain(value))
    for row, note in enumerate(book.notes, start=len(book.facts) + 3):
        sheet.write_string(row, 0, plain(note))


def _table(sheet: Worksheet, table: Table, header: object, whole: object) -> None:
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.id, header)
        longest = max((len(_shown(row[place])) for row in table.rows), default=0)
        sheet.set_column(place, place, min(WIDEST, max(longest, len(column.id)) + 2))
    for number, row in enumerate(table.rows, start=1):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, place, plain(cell))
            elif cell is not None:
                sheet.write_number(number, place, cell, whole)
    sheet.freeze_panes(1, 0)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _chart(workbook: xlsxwriter.Workbook, sheet: Worksheet, table: Table, axis: str, bars: str) -> None:
    rows = min(len(table.rows), CHART_ROWS)
    if not rows:
        return
    chart = workbook.add_chart({"type": "bar"})
    names, values = table.column(axis), table.column(bars)
    chart.add_series(
        {
            "name": table.columns[values].id,
            "categories": [sheet.get_name(), 1, names, rows, names],
            "values": [sheet.get_name(), 1, values, rows, values],
        }
    )
    chart.set_title({"name": table.title})
    chart.set_legend({"none": True})
    sheet.insert_chart(1, len(table.columns) + 1, chart)


def plain(text: str) -> str:
    """Text without control characters, which would break the file."""
    return "".join(character for character in text if character.isprintable())


def _shown(cell: Cell) -> str:
    return "" if cell is None else str(cell)
