"""`quizapp preview`: all that a procedure can say, a page a lesson, for authors and for approval on paper.

It reads the files anew whenever one changes, and the open page reloads itself.
"""

import tempfile
from pathlib import Path

from flask import Flask, abort, redirect, url_for
from flask.typing import ResponseReturnValue

from quizapp import paths
from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.content.catalogue import Catalogue, load_catalogue
from quizapp.content.lesson_review_pages import preview_page
from quizapp.content.loading import BrokenContent
from quizapp.web.assets import read_all
from quizapp.web.context import context_of, today
from quizapp.web.i18n import use_content_language
from quizapp.web.preview_pages import BrokenPage
from quizapp.web.render import show


def make_preview_app(questions: Path) -> Flask:
    """The preview as an application of its own, with a throw-away database and no sign-in: for this machine only."""
    instance = Path(tempfile.mkdtemp(prefix="quizapp-preview-"))
    app = create_app(Settings(instance_path=instance, questions_path=questions, draft_languages=True))

    def read() -> Catalogue:
        catalogue = load_catalogue(questions)
        context_of(app).static_files = read_all(paths.PACKAGE / "static", catalogue.folders)
        return catalogue

    @app.get("/preview/")
    def preview_index() -> ResponseReturnValue:
        try:
            first = next(iter(read().editions))
        except BrokenContent as broken:
            return show("staff/preview_broken.html", BrokenPage(tuple(str(p) for p in broken.problems)))
        return redirect(url_for("preview_lesson", procedure_id=first, number=1), 303)

    @app.get("/preview/<procedure_id>/<int:number>")
    def preview_lesson(procedure_id: str, number: int) -> ResponseReturnValue:
        try:
            catalogue = read()
        except BrokenContent as broken:
            return show("staff/preview_broken.html", BrokenPage(tuple(str(p) for p in broken.problems)))
        edition = catalogue.edition(procedure_id)
        if edition is None or not 1 <= number <= len(edition.in_language(edition.source).lessons):
            abort(404)
        page = preview_page(catalogue, use_content_language(edition), number, "preview_lesson", today())
        return show("staff/preview_open.html", page)

    @app.get("/preview/version")
    def preview_version() -> ResponseReturnValue:
        """Changes when a file does."""
        stamps = sorted((str(path), path.stat().st_mtime_ns) for path in questions.rglob("*") if path.is_file())
        return {"version": str(hash(tuple(stamps)))}

    return app
