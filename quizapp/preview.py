"""`quizapp preview`: everything a procedure can say, one page for each lesson, for authors and reviewers.

Each request reads the files again, and the open page reloads itself when one of them changes.
"""

import tempfile
from pathlib import Path

from flask import Flask, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from quizapp import config
from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.content.editions import Catalogue, load_catalogue
from quizapp.content.lesson_review import preview_context
from quizapp.content.loading import BrokenContent
from quizapp.web.context import Area, Link, context_of
from quizapp.web.layout import render_page
from quizapp.web.static_files import read_all


def make_preview_app(questions: Path) -> Flask:
    """Create the preview application, with a temporary database and no sign-in, so only for this machine."""
    instance = Path(tempfile.mkdtemp(prefix="quizapp-preview-"))
    settings = Settings(instance_path=instance, questions_path=questions, draft_languages=True)
    app = create_app(settings, allow_blanks=True)
    context_of(app).areas.append(
        Area("/preview", lambda: Link(_("To the start"), "/preview/"), ("app.css", "staff.css"), ("preview.js",))
    )

    def read() -> Catalogue:
        catalogue = load_catalogue(questions, allow_blanks=True)
        if catalogue.broken:
            raise BrokenContent(catalogue.problems)
        context_of(app).static_files = read_all(config.PACKAGE / "static", catalogue.folders)
        return catalogue

    @app.errorhandler(BrokenContent)
    def show_problems(broken: BrokenContent) -> ResponseReturnValue:
        return render_page("staff/preview_broken.html", problems=broken.problems)

    @app.get("/preview/")
    def preview_index() -> ResponseReturnValue:
        return redirect(url_for("preview_lesson", procedure_id=next(iter(read().editions)), number=1), 303)

    @app.get("/preview/<procedure_id>/<int:number>")
    def preview_lesson(procedure_id: str, number: int) -> ResponseReturnValue:
        context = preview_context(read(), procedure_id, number)
        return render_page("staff/preview_open.html", endpoint="preview_lesson", **context)

    @app.get("/preview/version")
    def preview_version() -> ResponseReturnValue:
        """Return a value that changes when a file does."""
        stamps = sorted((str(path), path.stat().st_mtime_ns) for path in questions.rglob("*") if path.is_file())
        return {"version": str(hash(tuple(stamps)))}

    return app
