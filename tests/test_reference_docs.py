"""docs/settings.md and docs/commands.md say what the code says.

Write them with `python -m tests.test_reference_docs`.
"""

import ast
import inspect
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import click
import pytest
from annotated_types import Ge
from pydantic.fields import FieldInfo

from quizapp.cli import main
from quizapp.config import Settings, variable_name

DOCS = Path(__file__).parents[1] / "docs"


def settings() -> str:
    fields = Settings.__pydantic_fields__
    rows = [
        f"| `{variable_name(name)}` | {default(fields[name])} | {minimum(fields[name])} | {text} |"
        for name, text in explanations().items()
    ]
    assert fields.keys() == explanations().keys()
    return "\n".join(
        (
            "# Settings",
            "",
            "Every setting is an environment variable. Generated from `quizapp/config.py`.",
            "",
            "| variable | default | at least | what it does |",
            "|---|---|---|---|",
            *rows,
            "",
        )
    )


def explanations() -> dict[str, str]:
    """The string below each field of Settings, by the field's name."""
    body = ast.parse(inspect.getsource(Settings)).body[0].body
    return {
        field.target.id: " ".join(ast.literal_eval(text.value).split())
        for field, text in pairwise(body)
        if isinstance(field, ast.AnnAssign)
    }


def default(field: FieldInfo) -> str:
    """Nothing for an empty default and for one that depends on the machine."""
    if field.default_factory is not None or field.default in ("", None):
        return ""
    return str(int(field.default))


def minimum(field: FieldInfo) -> str:
    return next((str(bound.ge) for bound in field.metadata if isinstance(bound, Ge)), "")


def commands() -> str:
    return "\n".join(
        (
            "# Commands",
            "",
            "Generated from `quizapp/cli/`.",
            "",
            *command_lines(main, click.Context(main, info_name="quizapp", **main.context_settings)),
        )
    )


def command_lines(command: click.Command, context: click.Context) -> Iterator[str]:
    if isinstance(command, click.Group):
        for name, child in sorted(command.commands.items()):
            yield from command_lines(child, click.Context(child, context, info_name=name, terminal_width=100))
        return
    yield from (f"## {context.command_path}", "", "```", command.get_help(context), "```", "")


PAGES = {"settings.md": settings, "commands.md": commands}


@pytest.mark.parametrize("name", PAGES)
def test_it_says_in_the_docs_what_the_code_says(name):
    assert (DOCS / name).read_text() == PAGES[name]()


if __name__ == "__main__":
    for page, make in PAGES.items():
        (DOCS / page).write_text(make())
