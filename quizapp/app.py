"""Put the application together."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from flask import Flask
from jinja2 import StrictUndefined

from quizapp import config, health, log, migrate
from quizapp.accounts import staff_area
from quizapp.accounts.password_hashing import check_breached_file
from quizapp.aggregation.cleanup import LAST_SWEEP, last_sweep
from quizapp.aggregation.tallies import keep_thresholds
from quizapp.config import Settings
from quizapp.content import lesson_review
from quizapp.content.editions import Editions, last_stored, load_catalogue, store_current
from quizapp.db import Database, insert_or_ignore
from quizapp.domain.visit_codes import keys_from
from quizapp.models import DatabaseFlag
from quizapp.nurses import invitations, queue, recheck, sheet_page, visit_code_lookup
from quizapp.patients import site_pages
from quizapp.reports import exports, insights, report
from quizapp.web import compression, context, cookies, csrf, errors, filters, headers, i18n, layout, static_files

# Imported because they add their views to the staff blueprint.
STAFF_VIEWS = (queue, visit_code_lookup, sheet_page, recheck, invitations, insights, report, exports, lesson_review)
SHARED = (context, cookies, csrf, headers, i18n, filters, static_files, compression, errors, health)
MAX_REQUEST_BYTES = 64 * 1024  # our longest form is under 4 KB


def create_app(
    settings: Settings | None = None, clock: Callable[[], datetime] = context.utc_now, *, allow_blanks: bool = False
) -> Flask:
    """Create the WSGI application, with its database upgraded and its content loaded.

    A procedure whose files are broken is served from its last stored edition; `allow_blanks` is for authors' previews.
    Raises BadSetting, or BrokenContent if nothing can be served, with every reason.
    """
    log.begin()
    settings = settings or config.from_environment()
    app = Flask(__name__, template_folder=str(config.TEMPLATES), static_folder=None)
    app.jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    if settings.breached_passwords:
        check_breached_file(settings.breached_passwords)
    # The current key first, then those that it replaces.
    current = settings.secret_key or config.read_or_make_secret_key(settings.instance_path)
    keys = [current, *_listed(settings.secret_key_fallbacks)]
    app.config.update(
        SECRET_KEY=keys[0],
        SECRET_KEY_FALLBACKS=keys[1:],
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_REQUEST_BYTES,
        MAX_FORM_PARTS=200,
        TRUSTED_HOSTS=_listed(settings.trusted_hosts) or None,
        SESSION_COOKIE_NAME="__Host-quizapp" if settings.https else "quizapp",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=settings.sheet_days * 86_400,
        SESSION_REFRESH_EACH_REQUEST=False,
    )
    database = Database(settings.database)
    migrate.upgrade(database)
    with database.reading() as session:
        catalogue = load_catalogue(settings.questions_path, partial(last_stored, session), allow_blanks=allow_blanks)
    for name, instead in catalogue.problem_lines():
        log.event("broken content", logging.WARNING, procedure=name, patients=instead)
    editions = Editions(catalogue)
    today = clock().date()
    with database.transaction() as session:
        store_current(session, editions, today)
        keep_thresholds(session, today, settings.min_group)
        insert_or_ignore(session, DatabaseFlag, name=LAST_SWEEP, value=today.isoformat())
        known_day = last_sweep(session) or today
        is_demo = session.get(DatabaseFlag, "demo") is not None
    files = static_files.read_all(config.PACKAGE / "static", catalogue.folders)
    parts = context.Context(settings, database, editions, keys_from(keys), is_demo, known_day, clock, files)
    app.extensions["quizapp"] = parts
    for part in (*SHARED, site_pages, staff_area, layout):  # layout last: its macros use what the others add
        part.init_app(app)
    return app


def _listed(text: str) -> list[str]:
    """Return the parts of a setting that are separated by commas."""
    return [part.strip() for part in text.split(",") if part.strip()]
