"""The insights page over HTTP: who may see it, what it says of few and of many, and what it does with odd requests."""

import html
import re
import shutil
from dataclasses import replace

import pytest
from sqlalchemy import select

from quizapp.accounts import accounts
from quizapp.app import create_app
from quizapp.models import Audit
from quizapp.reports import sentences
from quizapp.stats.claims import Comparison, differences
from quizapp.stats.proportions import Share
from quizapp.tally_models import SeenAlarm
from tests.builders import walk
from tests.conftest import PROCEDURES
from tests.fake_tallies import count_attempts, count_talks
from tests.html import parse
from tests.staff import HASH, Person

PAGE = "/staff/insights"


@pytest.fixture
def edition(app):
    return app.extensions["quizapp"].editions.catalogue.editions["left-right"]


@pytest.fixture
def counted(app, edition):
    """Counts attempts of the procedure that is being served."""

    def count(n: int, quarter: str = "2026-Q3", **more) -> None:
        with app.extensions["quizapp"].database.writing() as session:
            count_attempts(session, edition, quarter, n, **more)
            session.commit()

    return count


def seen(person, **choices: str) -> str:
    """The page's text in one line, without markup."""
    reply = person.client.get(PAGE, query_string=choices)
    assert reply.status_code == 200
    main = re.sub(r"<[^>]+>", " ", reply.text[reply.text.index("<main") :])
    return re.sub(r"\s+", " ", html.unescape(main).replace("\xa0", " "))


def test_it_is_for_nurses_and_leads_only(client, nurse, lead):
    assert client.get(PAGE).status_code == 303
    assert "/staff/login" in client.get(PAGE).location
    assert [person.client.get(PAGE).status_code for person in (nurse, lead)] == [200, 200]


def test_it_says_before_anything_is_counted_when_there_will_be_something(nurse):
    page = seen(nurse)
    assert "0 finished attempts counted." in page
    assert "Once 11 patients have finished in one language" in page
    assert "What stands out" not in page


def test_it_gives_nothing_but_counts_below_ten_and_says_why(nurse, counted):
    counted(9, right=0.5, min_group=5)
    page = seen(nurse)
    assert "9 finished attempts counted." in page
    assert "Fewer than 10 answers are counted so far" in page
    assert "Below 10 answers there are counts only" in page
    assert re.findall(r"\d+%", page.replace("95%", "")) == []
    assert re.findall(r"0\.\d\d", page) == []


def test_it_gives_shares_but_no_correlation_below_fifty_and_says_why(nurse, counted):
    counted(49, right=0.5)
    page = seen(nurse)
    assert "Below 50 answers there is no correlation and no alpha" in page
    assert "Below 10 answers" not in page
    assert re.search(r"\d+ of 49 \(\d+%, \d+ to \d+%\)", page)
    assert re.findall(r"\b0\.\d\d\b", page) == []
    counted(1, quarter="2026-Q4")
    fifty = seen(nurse)
    assert "Below 50 answers" not in fifty
    assert re.findall(r"\b0\.\d\d\b", fifty)


def test_it_names_the_belief_the_block_to_rewrite_and_the_key_to_check(nurse, app, edition, counted):
    counted(300, right={"bell-place": 0.55, "lamp-place": 0.97, "lamp-colour": 0.97})
    with app.extensions["quizapp"].database.writing() as session:
        talks = {"lamp-place": {"understood": 10, "bad-question": 8, "not-talked": 50}}
        count_talks(session, edition, "2026-Q3", talks)
        session.commit()
    page = seen(nurse)
    found = re.search(
        r"What stands out (.*?)\. critical (\d+) of 300 \((\d+)%, (\d+) to (\d+)%\), (\d+) of them sure\."
        r" After the second try (\d+) still missed it\. Where does the bell hang\?",
        page,
    )
    assert found, page
    count, share, low, high, sure, still = map(int, found.groups()[1:])
    assert share == round(count / 3)
    assert low < share < high
    assert sure < count
    assert still < count
    assert "Rewrite “Where it is” in the lesson “The bell”." in page
    assert re.search(r"Check this question’s key\. In 8 of 18 \(44%, 25 to 66%\) talks the nurse said", page)


def test_it_leads_from_an_edition_without_answers_to_the_one_before(settings, tmp_path, counted, app, make_person):
    counted(60)
    changed = tmp_path / "questions"
    shutil.copytree(PROCEDURES, changed)
    lesson = changed / "left-right/en/lessons/1-bell.toml"
    lesson.write_text(lesson.read_text().replace("side of the door.", "side of the green door.", 1))
    make_person("Nurse One", "nurse")
    newer = create_app(replace(settings, questions_path=changed))
    person = Person(newer.test_client(), "Nurse One")
    person.sign_in()
    page = seen(person)
    assert "Answers to an earlier edition:" in page
    assert "60 counted" in page
    assert "What the last change did" in page
    assert "side of the green door." in page
    address = re.search(r'href="(/staff/insights\?[^"]*edition=[^"]*)"', person.client.get(PAGE).text)
    assert address
    assert "60 finished attempts counted." in re.sub(r"<[^>]+>", "", person.client.get(html.unescape(address[1])).text)
    newer.extensions["quizapp"].database.dispose()


@pytest.mark.parametrize(
    "choices",
    [
        {"procedure": "nothing"},
        {"procedure": ""},
        {"edition": "0" * 16},
        {"edition": "<b>"},
        {"quarter": "2026"},
        {"quarter": "2026-Q5"},
        {"quarter": "٢٠٢٦-Q1"},
        {"quarter": "2026-Q1\n"},
        {"language": "xx"},
        {"language": "' OR 1=1"},
        {"beside": "0" * 16},
        {"edition": "\x00"},
    ],
)
def test_it_finds_no_page_for_what_does_not_exist(nurse, counted, choices):
    counted(30)
    assert nurse.client.get(PAGE, query_string=choices).status_code == 404


def test_it_says_that_a_choice_has_no_answers_and_shows_the_way_back(nurse, counted):
    counted(30)
    page = seen(nurse, quarter="1999-Q1")
    assert "No finished attempt is counted for this choice. Show all quarters and languages" in page
    assert "30 finished attempts counted." in seen(nurse, quarter="2026-Q3", language="en")


def test_it_claims_nothing_in_a_view_of_a_part_of_the_answers(nurse, counted):
    counted(300, right=0.3)
    assert "What stands out" in seen(nurse)
    for part in ({"quarter": "2026-Q3"}, {"language": "en"}):
        page = seen(nurse, **part)
        assert "This view is a part of the answers, so it shows figures only." in page
        assert "What stands out" not in page
        assert "The patient or the text?" not in page


def test_it_says_how_many_wait(nurse, app, edition, counted):
    with app.extensions["quizapp"].database.writing() as session:
        for _ in range(2):
            walk(session, edition, min_group=11)
        session.commit()
    counted(30)
    together = "in all editions and languages together: attempts are counted once 11 of one edition and language wait"
    assert f"30 finished attempts counted. 2 more wait, {together}" in seen(nurse)


def test_it_says_how_many_wait_before_anything_is_counted(nurse, app, edition):
    with app.extensions["quizapp"].database.writing() as session:
        walk(session, edition, min_group=11)
        session.commit()
    assert "0 finished attempts counted. 1 waits: attempts are counted once 11 of one edition" in seen(nurse)


def test_it_does_not_say_that_there_is_no_other_language(nurse, counted):
    counted(30)
    assert "No other language has enough answers to compare with." in seen(nurse)


def test_it_does_not_call_a_watch_calm_that_has_not_begun(nurse, counted):
    counted(58)
    page = seen(nurse)
    assert "The watch has not begun: it compares a quarter with the ones before, and needs 50 answers" in page
    assert "No alarm" not in page


def test_it_says_what_was_usual_and_what_is_missed_since(nurse, counted):
    counted(120, quarter="2026-Q2", right=0.95)
    counted(120, quarter="2026-Q3", right=0.95)
    calm = seen(nurse)
    assert "No alarm at a question that is watched." in calm
    assert "chance alone lists at most 0.10 alarms here on average" in calm
    counted(120, quarter="2026-Q4", right={"bell-place": 0.5, "lamp-place": 0.95, "lamp-colour": 0.95})
    page = seen(nurse)
    assert re.search(r"In 2026-Q4 \d+ of 120 \(.*?\) missed it, before that \d+ of 240 \(", page)
    assert "No alarm at" not in page
    assert "Is a critical question missed more than before?" not in seen(nurse, quarter="2026-Q4")


def test_it_says_how_many_more_answers_a_comparison_needs(app):
    pairs = {
        "small": Comparison(Share(64, 100), Share(60, 100)),
        "few": Comparison(Share(19, 19), Share(40, 50)),
        "larger": Comparison(Share(40, 50), Share(1400, 2000)),
    }
    with app.test_request_context():
        verdicts = {key: sentences.verdict(one) for key, one in differences(pairs).items()}
    assert verdicts["small"] == "can’t tell yet, and more answers may not settle it"
    assert verdicts["few"] == "can’t tell yet: fewer than 20 answers on one side"
    assert verdicts["larger"].startswith("can’t tell yet, about ")


def test_it_shows_markup_in_content_as_text(settings, tmp_path):
    """Whatever an author writes, in a stem, an option, a heading or the name of a belief, stays words."""
    planted = tmp_path / "questions"
    shutil.copytree(PROCEDURES, planted)
    mark = "<img src=x onerror=alert(1)>&"
    for path, words in {
        "lessons/1-bell.toml": ("Where does the bell hang?", "On the left side", "Where it is", 'The bell"'),
        "misconceptions.toml": ("thinks",),
    }.items():
        file = planted / "left-right/en" / path
        text = file.read_text()
        for word in words:
            assert word in text, word
            text = text.replace(word, mark + word)
        file.write_text(text)
    app = create_app(replace(settings, questions_path=planted))
    edition = app.extensions["quizapp"].editions.catalogue.editions["left-right"]
    with app.extensions["quizapp"].database.writing() as session:
        count_attempts(session, edition, "2026-Q3", 100, right=0.3)
        session.commit()
    with app.extensions["quizapp"].database.writing() as session:
        accounts.add(session, "Nurse One", "nurse").password_hash = HASH
        session.commit()
    person = Person(app.test_client(), "Nurse One")
    person.sign_in()
    page = person.client.get(PAGE).text
    assert "<img" not in page
    assert page.count("&lt;img src=x onerror=alert(1)&gt;&amp;") >= 10
    app.extensions["quizapp"].database.dispose()


@pytest.fixture
def stored(app):
    def read(query):
        with app.extensions["quizapp"].database.reading() as session:
            return session.execute(query).all()

    return read


def alarm_form(person):
    forms = parse(person.client.get(PAGE).text).all("form[action='/staff/insights/alarm']")
    return forms[0].fields() if forms else None


def test_it_lets_a_lead_note_what_was_done_about_an_alarm(nurse, lead, counted, stored):
    counted(200, quarter="2026-Q2", right=0.95)
    counted(200, quarter="2026-Q3", right=0.5)
    assert "In 2026-Q3" in seen(nurse)
    assert alarm_form(nurse) is None
    stale = {**alarm_form(lead), "since": "2026-Q1"}
    lead.post("/staff/insights/alarm", PAGE, **stale, action="no-action")
    assert stored(select(SeenAlarm.item)) == []
    while form := alarm_form(lead):
        reply = lead.post("/staff/insights/alarm", PAGE, **form, action="staff-told")
        assert reply.status_code == 303
    for person in (nurse, lead):
        page = seen(person)
        assert "No alarm at a question that is watched." in page or "The watch has not begun" in page
        assert "A rise since 2026-Q3 was seen to on" in page
        assert "staff were told." in page
    noted = stored(select(Audit.staff_name, Audit.detail).where(Audit.action == "alarm-seen"))
    assert noted
    counted(200, quarter="2026-Q4", right=0.1)
    assert "In 2026-Q4" in seen(nurse)


def test_it_notes_nothing_about_an_alarm_that_is_not_there(lead, counted, stored):
    counted(200, quarter="2026-Q2", right=0.7)
    fields = {"procedure": "left-right", "item": "bell-place", "language": "en"}
    assert lead.post("/staff/insights/alarm", PAGE, **fields, action="no-action").status_code == 303
    assert lead.post("/staff/insights/alarm", PAGE, **fields, action="sing").status_code == 400
    assert stored(select(SeenAlarm.item)) == []
