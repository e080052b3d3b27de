"""Which language a page speaks, where the person, the attempt, the procedure and the settings say different things."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from quizapp.accounts import audit
from quizapp.config import Settings
from quizapp.nurses.invitations import make_slips
from quizapp.preview import make_preview_app
from quizapp.web.i18n import day_words, decimal_words
from tests.accounts.test_audit_log import add_rows
from tests.html import parse
from tests.tour import two_procedures
from tests.walking import Patient, csrf_token

SPANISH = {"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}


@pytest.fixture(params=[True])
def settings(settings: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """The real procedure, which has a Spanish draft, beside the little one, which has English only."""
    questions = two_procedures(tmp_path / "questions")
    return replace(settings, questions_path=questions, draft_languages=request.param)


def patient(app: Flask, headers: dict[str, str] | None = None) -> Patient:
    client = app.test_client()
    for name, value in (headers or {}).items():
        client.environ_base[f"HTTP_{name.upper().replace('-', '_')}"] = value
    return Patient(client)


def language_of(page: str) -> str:
    return parse(page).one("html[dir=ltr]")["lang"]


def offered(page: str) -> list[str]:
    return parse(page).values("language")


def test_it_is_whole_in_english_where_a_procedure_has_no_spanish(app):
    somebody = patient(app, SPANISH)
    somebody.start("/p/left-right")
    assert language_of(somebody.page) == "en"
    assert "Write down your visit code" in somebody.page
    assert offered(somebody.page) == []
    somebody.open("/p/it-pump/")
    assert language_of(somebody.page) == "es"
    assert offered(somebody.page) == ["en", "es"]


def test_it_says_in_which_language_each_procedure_is_where_there_is_a_choice(app):
    somebody = patient(app, SPANISH)
    somebody.open("/")
    assert language_of(somebody.page) == "es"
    assert 'lang="es" dir="auto">La bomba para el dolor' in somebody.page
    assert 'lang="en" dir="auto">' in somebody.page


@pytest.mark.parametrize("settings", [False], indirect=True)
def test_it_shows_no_draft_unless_the_settings_say_so(app):
    somebody = patient(app, SPANISH)
    somebody.open("/p/it-pump/")
    assert language_of(somebody.page) == "en"
    assert offered(somebody.page) == []
    refused = somebody.post("/language", language="es", return_path="/")
    assert refused.status_code == 400


def test_it_says_on_every_spanish_page_that_it_is_a_draft(app):
    somebody = patient(app, SPANISH)
    somebody.start("/p/it-pump")
    assert "Esta traducción es un borrador." in somebody.page
    somebody.open("/privacy")
    assert "Esta traducción es un borrador." in somebody.page


def test_it_calls_no_procedure_a_draft_because_another_is_one(app):
    editions = app.extensions["quizapp"].editions
    drafts = {"left-right": frozenset({"es"})}
    editions.catalogue = replace(editions.catalogue, draft_languages=drafts)
    somebody = patient(app, SPANISH)
    somebody.start("/p/it-pump")
    assert language_of(somebody.page) == "es"
    assert "Esta traducción es un borrador." not in somebody.page
    editions.catalogue = replace(editions.catalogue, draft_languages={"it-pump": frozenset({"es"})})
    somebody.open("/p/it-pump/")
    assert "Esta traducción es un borrador." in somebody.page


def test_it_prints_slips_in_the_patients_language(app, nurse):
    slips = nurse.post("/staff/invitations", "/staff/invitations", procedure="it-pump", language="es", count="1").text
    assert language_of(slips) == "en"
    assert "1 slip. Print it now" in slips
    slip = slips[slips.index('<section class="slip" lang="es" dir="ltr">') :]
    assert "Antes de su visita: escanee esto con su teléfono" in slip
    assert "Código de visita, para el personal de enfermería:" in slip


@pytest.fixture
def invitation(app: Flask) -> str:
    """The address of one in Spanish."""
    context = app.extensions["quizapp"]
    edition = context.editions.current("it-pump")
    with context.database.writing() as session:
        (slip,) = make_slips(session, edition, "es", context.code_keys, context.clock().date(), 1)
        session.commit()
    return f"/i/{slip.token}"


def test_it_keeps_to_an_invitations_language_whatever_the_browser_asks_for(app, invitation):
    somebody = patient(app)
    somebody.open(invitation)
    assert language_of(somebody.page) == "es"
    somebody.send(invitation)
    assert language_of(somebody.page) == "es"
    somebody.open("/privacy")
    assert language_of(somebody.page) == "es"


def test_it_opens_an_invitation_in_the_language_that_the_patient_picks(app, invitation):
    somebody = patient(app)
    somebody.open(invitation)
    somebody.send("/language", language="en", return_path=invitation)
    assert language_of(somebody.page) == "en"
    somebody.send(invitation)
    assert language_of(somebody.page) == "en"
    assert "Write down your visit code" in somebody.page


def test_it_prints_a_poster_for_each_language(app, nurse):
    page = nurse.client.get("/staff/invitations").text
    poster = nurse.client.get(parse(page).one("a[href*='poster/it-pump'][lang=es]")["href"]).text
    assert language_of(poster) == "en"
    assert '<section class="poster" lang="es" dir="ltr">' in poster
    assert "Escanee esto con su teléfono" in poster
    assert nurse.client.get("/staff/poster/left-right?language=es").status_code == 404


def test_it_shows_an_english_nurse_what_a_spanish_patient_read(app, nurse):
    somebody = patient(app, SPANISH)
    somebody.start("/p/it-pump")
    somebody.next()
    somebody.send("/p/it-pump/lesson/1")
    somebody.answer("heart")
    somebody.next()
    somebody.send("/p/it-pump/lesson/2")
    somebody.answer("pulses")
    somebody.send("/p/it-pump/stop")
    link = parse(nurse.client.get("/staff/").text).one(".lines a")["href"]
    sheet = nurse.client.get(link).text
    assert language_of(sheet) == "en"
    assert 'Read in <strong lang="es">Español</strong>' in sheet
    assert '<span class="read" lang="es">En el corazón</span>' in sheet
    spanish = nurse.client.get(link, headers=SPANISH).text
    assert language_of(spanish) == "es"
    assert 'class="read"' not in spanish
    assert "No en todas partes es igual:" in spanish
    assert "Hay medicinas distintas" in spanish


def test_it_translates_the_audit_page_but_not_its_file(app, lead):
    rows = [
        {"at": app.extensions["quizapp"].clock(), "staff_name": name, "action": action, "sheet": None, "detail": detail}
        for name, action, detail in (
            (audit.UNKNOWN_NAME, "sign-in-refused", ""),
            ("Lead One", "account-added", "first lead"),
            ("Lead One", "account-added", "Nurse Two (nurse)"),
            ("Lead One", "account-changed", "Nurse Two: disabled"),
            ("Lead One", "second-factor", "on"),
            ("Lead One", "sheet-opened", "to prepare"),
            ("Lead One", "sheet-opened", "by its visit code"),
            ("Lead One", "sheet-closed", "and unlinked"),
            (audit.COMMAND_LINE, "exported", "summary it-pump publishable csv"),
        )
    ]
    add_rows(app, rows)
    page = lead.client.get("/staff/audit", headers=SPANISH).text
    assert "<td>nombre desconocido</td><td>Inicio de sesión rechazado</td>" in page
    assert "<td>primera cuenta de responsable</td>" in page
    assert "<td>Nurse Two (enfermería)</td>" in page
    assert "<td>Nurse Two: cerrada</td>" in page
    assert "<td>activado</td>" in page
    assert "<td>para prepararse</td>" in page
    assert "<td>por su código de visita</td>" in page
    assert "<td>y borrada en seguida</td>" in page
    assert "<td>línea de comandos</td>" in page
    assert "<td>summary it-pump publishable csv</td>" in page
    assert '<option value="unknown name">nombre desconocido</option>' in page
    only = lead.client.get("/staff/audit?name=unknown+name", headers=SPANISH).text
    assert "primera cuenta" not in only
    assert '<option value="unknown name" selected>' in only
    table = list(csv.DictReader(lead.post("/staff/audit.csv", "/staff/audit").text.splitlines()))
    told = {(row["who"], row["detail"]) for row in table}
    assert {(row["staff_name"], row["detail"]) for row in rows} <= told


def test_it_previews_a_translation_for_its_author(settings):
    app = make_preview_app(settings.questions_path)
    page = app.test_client().get("/preview/it-pump/3", headers=SPANISH).text
    assert language_of(page) == "es"
    assert "La bomba necesita una dosis mucho más pequeña" in page
    assert csrf_token(page)
    app.extensions["quizapp"].database.dispose()


def test_it_writes_dates_and_numbers_as_the_page_s_language_does(app):
    def written(language: str) -> tuple[str, str]:
        with app.test_request_context("/p/it-pump/", headers={"Accept-Language": language}):
            return day_words(date(2026, 11, 25)), decimal_words(1234.5, 2)

    assert written("en") == ("25 November 2026", "1234.50")
    assert written("es") == ("25 de noviembre de 2026", "1234.50")


def test_it_names_the_roles_to_choose_from_in_the_page_s_language(lead):
    for language, words in (("en", ["nurse", "lead"]), ("es", ["enfermería", "responsable"])):
        lead.client.set_cookie("language", language)
        options = parse(lead.client.get("/staff/accounts").text).all("select[name=role] option")
        assert [option.text for option in options] == words
