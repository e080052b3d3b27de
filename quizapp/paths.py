"""Where files and folders are, in a checkout and in an installed wheel."""

import os
from pathlib import Path

import platformdirs

PACKAGE = Path(__file__).resolve().parent


def in_checkout() -> bool:
    """Return whether the package runs from its source tree, with templates/ and questions/ next to it."""
    return (PACKAGE.parent / "pyproject.toml").is_file() and (PACKAGE.parent / "templates").is_dir()


def templates_folder() -> Path:
    return (PACKAGE.parent if in_checkout() else PACKAGE) / "templates"


def questions_folder() -> Path:
    return (PACKAGE.parent if in_checkout() else PACKAGE) / "questions"


def instance_folder() -> Path:
    """Return QUIZAPP_INSTANCE_PATH if set; else the checkout's instance/, or a wheel's folder in the user's data."""
    chosen = os.environ.get("QUIZAPP_INSTANCE_PATH")
    if chosen:
        return Path(chosen).resolve()
    if in_checkout():
        return PACKAGE.parent / "instance"
    return Path(platformdirs.user_data_dir("quizapp", appauthor=False))
