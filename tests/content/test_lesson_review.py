"""The content pages of leads."""

from tests.nurses.sheets import words


def test_it_gives_the_lines_of_a_sign_off_with_today_s_date(lead, clock):
    page = lead.client.get("/staff/content/left-right/1").text
    assert f"approved_on = {clock.now.date().isoformat()}" in page


def test_it_names_the_forms_of_a_question_and_leads_back(lead):
    page = lead.client.get("/staff/content/left-right/1").text
    assert "Form a" in words(page)
    assert 'href="/staff/content?procedure=left-right"' in page
