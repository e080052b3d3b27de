"""Commands for authors: check, schema, coverage, preview, new."""

import sys
from pathlib import Path

import click


def _questions() -> Path:
    from quizapp.config import from_environment

    return from_environment().questions_path


@click.command()
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--rule", help="Only what this rule finds.")
@click.option("--guess", is_flag=True, help="Print what guessing from the wording scores, next to chance.")
@click.option("--explain", help="Say what a rule wants and why; `all` for every rule.")
def check(path: Path | None, as_json: bool, rule: str | None, explain: str | None, guess: bool) -> None:
    """Check the content at PATH (or all of it) against every rule; exit code 1 on any finding.

    With --guess: exit code 1 if a way of guessing is more than 1.5 forms above chance.
    """
    import json

    from quizapp.content import checking
    from quizapp.content.checks.rules import RULES
    from quizapp.content.loading import procedure_folders

    for named in (rule, explain):
        if named not in (None, "all", *RULES):
            raise click.UsageError(f"There is no rule {named!r}. There are: {', '.join(RULES)}")
    if explain:
        for known in RULES.values():
            if explain in ("all", known.id):
                click.echo(f"{known.id}: {known.title}.\n    {known.why}")
        return
    folder = path or _questions()
    folders = procedure_folders(folder)
    if guess:
        fair = [_print_guesses(procedure) for procedure in folders]
        is_clean = all(fair)
    else:
        reports = checking.check_all(folder, rule if rule != "all" else None)
        is_clean = not any(report.findings for report in reports)
        if as_json:
            click.echo(json.dumps([checking.as_json(report) for report in reports], indent=2))
        else:
            for line in checking.as_lines(reports):
                click.echo(line)
    if not folders:
        click.echo(f"{folder}: there is no procedure; each is a folder with a procedure.toml", err=True)
    sys.exit(0 if folders and is_clean else 1)


def _print_guesses(folder: Path) -> bool:
    """Print how many forms each way of guessing gets right in each language. Return whether none beats chance."""
    from quizapp.content.checks.guessing import guesses
    from quizapp.content.checks.rules import read_checked_procedure

    is_fair = True
    for guess in guesses(read_checked_procedure(folder)):
        is_fair = is_fair and guess.is_within_bounds
        click.echo(
            f"{folder.name} {guess.language}: {guess.strategy:42} {guess.right:4.1f} of {guess.forms}"
            f" (chance {guess.chance:.1f}){'' if guess.is_within_bounds else '  above chance'}"
        )
    return is_fair


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
def schema(folder: Path | None) -> None:
    """Print the JSON Schemas of the content's files, or write one a file into FOLDER, for editors."""
    import json

    from quizapp.content.schema import json_schemas

    schemas = json_schemas()
    if folder is None:
        click.echo(json.dumps(schemas, indent=2))
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in schemas.items():
        (folder / f"{name}.schema.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    click.echo(f"{len(schemas)} schemas in {folder}")


@click.command()
@click.option("--procedure", help="Only this one.")
def coverage(procedure: str | None) -> None:
    """Show where each fact of the leaflet is taught and tested."""
    from quizapp.content.editions import load_catalogue
    from quizapp.domain import coverage as covering

    catalogue = load_catalogue(_questions(), allow_blanks=True)
    for problem in catalogue.problems:
        click.echo(problem, err=True)
    for procedure_id, edition in catalogue.editions.items():
        if procedure not in (None, procedure_id):
            continue
        content = edition.in_language(edition.source)
        click.echo(f"{content.title} ({procedure_id})")
        for row in covering.coverage(content):
            lessons = ",".join(map(str, row.taught_in)) or "-"
            varies = "varies" if row.fact.varies else ""
            items = ", ".join(row.tested_by)
            click.echo(f"  {row.fact.id:24} lesson {lessons:6} {row.standing:22} {varies:7} {items}")
        for section, paragraph in covering.unused_places(content):
            click.echo(f"  no lesson uses: {section}, paragraph {paragraph}")


@click.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True, file_okay=False), required=False)
@click.option("--port", default=8001, show_default=True, type=click.IntRange(1, 65535))
def preview(path: Path | None, port: int) -> None:
    """Show every lesson and question on pages that reload when a file changes."""
    from werkzeug.serving import make_server

    from quizapp.preview import make_preview_app

    app = make_preview_app((path or _questions()).resolve())
    try:
        server = make_server("127.0.0.1", port, app, threaded=True)
    except (OSError, SystemExit):
        raise click.ClickException(
            f"Cannot listen on port {port}. Choose another: quizapp preview --port {port + 1}"
        ) from None
    click.echo(f"Preview   http://127.0.0.1:{port}/preview/")
    server.serve_forever()


@click.group()
def new() -> None:
    """Write a commented skeleton to fill in."""


@new.command("procedure")
@click.argument("name")
def new_procedure(name: str) -> None:
    """A procedure's folder with one lesson and one item."""
    from quizapp.content import skeletons

    _say_written(skeletons.new_procedure(_questions(), name))


@new.command("lesson")
@click.argument("procedure")
@click.argument("name")
def new_lesson(procedure: str, name: str) -> None:
    """A lesson after the last one of PROCEDURE."""
    from quizapp.content import skeletons

    _say_written(skeletons.new_lesson(_questions() / procedure, name))


@new.command("item")
@click.argument("lesson_file", type=click.Path(path_type=Path))
@click.argument("name")
def new_item(lesson_file: Path, name: str) -> None:
    """An item at the end of LESSON_FILE."""
    from quizapp.content import skeletons

    _say_written(skeletons.new_item(lesson_file, name))


@new.command("language")
@click.argument("procedure")
@click.argument("language")
def new_language(procedure: str, language: str) -> None:
    """A folder for LANGUAGE in PROCEDURE: every id, with the words left empty."""
    from quizapp.content import skeletons

    files = skeletons.new_language(_questions() / procedure, language)
    _say_written(files, "what is empty", ". The language is offered once nothing is empty.")


def _say_written(files: list[Path], blanks: str = 'what begins with "___"', after: str = "") -> None:
    for file in files:
        click.echo(f"wrote {file}")
    click.echo(f"Fill in {blanks}, then run: quizapp check{after}")


COMMANDS = (check, schema, coverage, preview, new)
