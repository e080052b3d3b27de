"""Figures as files: the commands export and analyse."""

from pathlib import Path

import click


class UnusableData(click.ClickException):
    exit_code = 2


@click.command()
@click.argument("name")
@click.option("--format", "format_id", default="csv", show_default=True, help="csv, xlsx or json.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--procedure", default="", help="Needed if there are several.")
@click.option("--profile", default="publishable", show_default=True, help="publishable or internal.")
@click.option("--reason", default="", help="Why exact counts are needed; with --profile internal.")
@click.option("--quarter", default="", help="Only this one, such as 2026-Q3.")
@click.option("--edition", default="", help="Only this one.")
@click.option("--language", default="", help="Only this one.")
def export(name: str, format_id: str, output: Path, reason: str, **chosen: str) -> None:
    """Write the table NAME, or all of them, to a file: the same as the exports page does."""
    from quizapp.accounts import audit
    from quizapp.app import create_app
    from quizapp.reports.export_book import make_book
    from quizapp.reports.figures import Thresholds
    from quizapp.reports.formats import EXPORTERS
    from quizapp.reports.query import ALL, REASONS, NotOffered, Query
    from quizapp.web.context import context_of

    _must_be_one_of("--format", format_id, list(EXPORTERS))
    exporter = EXPORTERS[format_id]
    if name == ALL and not exporter.whole_books:
        raise click.UsageError("csv holds one table; choose --format xlsx or json")
    if chosen["profile"] == "internal":
        _must_be_one_of("--reason", reason, list(REASONS))
    click.echo("reading the totals ...", err=True)
    context = context_of(create_app())
    known = list(context.editions.catalogue.editions)
    if len(known) == 1:
        chosen["procedure"] = chosen["procedure"] or known[0]
    thresholds = Thresholds(context.settings.min_group, context.settings.percent_base)
    try:
        with context.database.reading() as session:
            query, today = Query(table=name, **chosen), context.clock().date()
            book = make_book(session, context.editions, query, thresholds, today, _say)
    except NotOffered as error:
        what = "NAME" if error.choice == "table" else f"--{error.choice}"
        _must_be_one_of(what, error.given, list(error.offered))
    click.echo("writing ...", err=True)
    content = exporter.write(book)
    with context.database.transaction() as session:
        done = f"{name} {query.procedure} {query.profile} {format_id} {reason}"
        audit.note(session, context.clock(), audit.COMMAND_LINE, "exported", detail=done.strip())
    try:
        output.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror}") from error
    rows = sum(len(table.rows) for table in book.tables)
    click.echo("\n".join((f"{name}: {rows} rows in {output}", *book.notes)))


def _say(how_far: str) -> None:
    click.echo(f"  {how_far}", err=True)


def _must_be_one_of(what: str, given: str, known: list[str]) -> None:
    if given not in known:
        there = f"must be one of: {', '.join(known)}" if known else "has nothing to choose from yet: leave it out"
        raise click.UsageError(f"{what} {there}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", "key_file", type=click.Path(path_type=Path), help="A CSV of item,key: cells are options.")
@click.option("--missing", type=click.Choice(["wrong", "drop"]), default="wrong", show_default=True)
@click.option("--json", "as_json", is_flag=True)
def analyse(file: Path, key_file: Path | None, missing: str, as_json: bool) -> None:
    """Statistics of any quiz: FILE has a header of item ids and one row a person."""
    import json

    from quizapp import analysis

    try:
        found = analysis.analyse_file(file, key_file, analysis.Missing(missing))
    except analysis.AnalysisError as error:
        raise UnusableData(str(error)) from error
    click.echo(json.dumps(analysis.as_json(found), indent=2) if as_json else analysis.as_text(found))


COMMANDS = (export, analyse)
