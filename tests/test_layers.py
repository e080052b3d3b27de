"""Imports go down only: app, cli > web > services > exports | storage | content > domain."""

import ast
from pathlib import Path

import quizapp

PACKAGE = Path(quizapp.__file__).parent
LEVELS = {"domain": 0, "content": 1, "storage": 1, "exports": 1, "services": 2, "web": 3}
TOP = 4  # app.py, cli.py, server.py and the other files of the package's own folder
FOUNDATION = {"config", "paths", "secret_key", "logs"}  # known to everyone above the domain


def imports_of(file: Path) -> set[str]:
    """The quizapp modules that a file imports anywhere, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name for name in found if name.startswith("quizapp.")}


def level_of(module: str) -> tuple[int, str]:
    part = module.split(".")[1]
    return (LEVELS[part], part) if part in LEVELS else (TOP, part)


def upward_imports() -> list[str]:
    bad = []
    for file in sorted(PACKAGE.rglob("*.py")):
        own = ".".join(("quizapp", *file.relative_to(PACKAGE).with_suffix("").parts))
        level, part = level_of(own)
        for imported in imports_of(file):
            other_level, other_part = level_of(imported)
            if other_part in FOUNDATION and level >= LEVELS["web"]:
                continue
            if other_level > level or (other_level == level and other_part != part and level != TOP):
                bad.append(f"{own} imports {imported}")
    return bad


def test_it_imports_downward_only():
    assert upward_imports() == []


def test_its_domain_needs_the_standard_library_only():
    import sys

    for file in (PACKAGE / "domain").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            for name in names:
                top = name.split(".")[0]
                assert top in sys.stdlib_module_names or name.startswith("quizapp.domain"), f"{file.name}: {name}"


def test_it_speaks_flask_in_the_web_layer_only():
    for file in sorted(PACKAGE.rglob("*.py")):
        parts = file.relative_to(PACKAGE).parts
        if parts[0] in ("web", "app.py", "cli.py", "server.py", "previewing.py"):
            continue
        tree = ast.parse(file.read_text())
        imported = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        imported |= {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
        assert not {name for name in imported if name and name.split(".")[0] in ("flask", "flask_wtf", "wtforms")}, file
