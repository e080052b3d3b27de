"""Where things are, in a checkout and in an installed wheel."""

import os
from pathlib import Path

import platformdirs

PACKAGE = Path(__file__).resolve().parent


def in_checkout() -> bool:
    """Whether this package runs from its own source tree, where templates/ and questions/ stand beside it."""
    return (PACKAGE.parent / "pyproject.toml").is_file() and (PACKAGE.parent / "templates").is_dir()


def templates_folder() -> Path:
    return (PACKAGE.parent if in_checkout() else PACKAGE) / "templates"


def questions_folder() -> Path:
    return (PACKAGE.parent if in_checkout() else PACKAGE) / "questions"


def instance_folder() -> Path:
    """The checkout's instance/; from a wheel QUIZAPP_INSTANCE_PATH, or the user's data folder."""
    chosen = os.environ.get("QUIZAPP_INSTANCE_PATH")
    if chosen:
        return Path(chosen).resolve()
    if in_checkout():
        return PACKAGE.parent / "instance"
    return Path(platformdirs.user_data_dir("quizapp", appauthor=False))
