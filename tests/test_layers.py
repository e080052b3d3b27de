"""Which folder may import which, and that every module can be imported on its own.

Subjects (patients, nurses, accounts, reports, aggregation) use web, content, db and the pure folders below them.
"""

import ast
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import quizapp

PACKAGE = Path(quizapp.__file__).parent
PURE = ("domain", "stats", "disclosure")
SUBJECTS = ("patients", "nurses", "accounts", "reports", "aggregation", "content", "analysis")
# The modules of content/ that show pages; its other modules know nothing of the web.
CONTENT_PAGES = {"quizapp.content.lesson_review"}


@cache
def modules() -> dict[str, Path]:
    """Every module of the package, except Alembic's scripts, by its dotted name."""
    files = (file for file in PACKAGE.rglob("*.py") if "migrations" not in file.parts)
    return {
        ".".join(("quizapp", *f.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): f for f in files
    }


@cache
def imports_of(file: Path) -> set[str]:
    """The modules that a file imports anywhere, also inside functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            full = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= {name for name in full if name in modules()} or {node.module}
    return names


def folder_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 2 or (PACKAGE / parts[-1]).is_dir() else ""


def imports_between(*, of: tuple[str, ...], to: tuple[str, ...]) -> list[str]:
    """Imports by modules of some folders, of modules of others."""
    return [
        f"{module} imports {imported}"
        for module, file in modules().items()
        if folder_of(module) in of
        for imported in imports_of(file)
        if imported.startswith("quizapp.") and folder_of(imported) in to and folder_of(imported) != folder_of(module)
    ]


def test_it_keeps_pure_folders_on_the_standard_library():
    for module, file in modules().items():
        if folder_of(module) not in PURE:
            continue
        for name in imports_of(file):
            is_pure = name.startswith("quizapp.") and folder_of(name) in PURE
            assert is_pure or name.split(".")[0] in sys.stdlib_module_names, f"{module} imports {name}"


def test_it_keeps_subjects_out_of_the_shared_web_modules():
    pages = tuple(subject for subject in SUBJECTS if subject != "content")
    assert imports_between(of=("web",), to=pages) == []
    for module, file in modules().items():
        if folder_of(module) == "web":
            assert not imports_of(file) & CONTENT_PAGES, module


def test_it_keeps_flask_out_of_content_and_pure_folders():
    for module, file in modules().items():
        if folder_of(module) in (*PURE, "content", "aggregation", "analysis") and module not in CONTENT_PAGES:
            roots = {name.split(".")[0] for name in imports_of(file)}
            assert not roots & {"flask", "flask_wtf", "flask_babel", "wtforms"}, module


def test_it_has_no_import_circles():
    graph = {module: imports_of(file) & modules().keys() - {module} for module, file in modules().items()}
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " imports ".join((*path[path.index(module) :], module))
        if module not in done:
            for imported in graph[module]:
                visit(imported, (*path, module))
            done.add(module)

    for module in graph:
        visit(module, ())


@pytest.mark.server
def test_it_imports_every_module_on_its_own():
    """Each in a forked child of a fresh interpreter that has loaded third-party packages only."""
    script = """
import os, sys, flask, flask_babel, flask_wtf, sqlalchemy.orm, pydantic, alembic.command, click, granian
failed = []
for name in sys.argv[1:]:
    child = os.fork()
    if child == 0:
        try:
            __import__(name)
        except BaseException as error:
            print(name, repr(error), flush=True)
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        failed.append(name)
sys.exit(bool(failed))
"""
    command = [sys.executable, "-c", script, *sorted(modules())]
    run = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"PYTHONWARNINGS": "ignore"})
    assert run.returncode == 0, run.stdout + run.stderr
