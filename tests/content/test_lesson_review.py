"""The content pages of leads."""

import re
import shutil
from pathlib import Path

from quizapp.content.checking import check_procedure
from quizapp.preview import make_preview_app
from tests.nurses.sheets import words

PROCEDURES = Path(__file__).parents[1] / "procedures"


def test_it_gives_the_lines_of_a_sign_off_with_today_s_date(lead, clock):
    page = lead.client.get("/staff/content/left-right/1").text
    assert f"approved_on = {clock.now.date().isoformat()}" in page


def test_it_names_the_forms_of_a_question_and_leads_back(lead):
    page = lead.client.get("/staff/content/left-right/1").text
    assert "Form a" in words(page)
    assert 'href="/staff/content?procedure=left-right"' in page


def test_it_shows_the_reading_grade_that_the_checker_prints(tmp_path):
    questions = Path(shutil.copytree(PROCEDURES, tmp_path / "questions"))
    procedure, lesson = questions / "left-right" / "procedure.toml", questions / "left-right" / "en/lessons/1-bell.toml"
    procedure.write_text(procedure.read_text() + 'allowed_terms = ["local anaesthetic"]\n')
    lesson.write_text(lesson.read_text().replace("The bell hangs", "A local anaesthetic bell hangs", 1))
    page = words(make_preview_app(questions).test_client().get("/preview/left-right/1").text)
    shown = re.search(r"reading grade (-?[\d.]+)", page)
    assert shown is not None
    assert float(shown[1]) == check_procedure(questions / "left-right").grades[0].flesch_kincaid
