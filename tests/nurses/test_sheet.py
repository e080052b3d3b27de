"""One sheet over HTTP: never the wrong patient's, outcomes, closing, and asking again in the room."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp.accounts.audit import pseudonym_of
from quizapp.content.editions import make_edition
from quizapp.domain import flags
from quizapp.domain.flags import FlagRule, Priority
from quizapp.domain.procedure import Edition
from quizapp.models import Attempt, Audit, Recheck, ReviewRow
from tests.builders import make_item, make_procedure, make_test_edition
from tests.html import parse
from tests.nurses.sheets import make_sheet, opened, outcome_fields, send, words
from tests.staff import PASSWORD
from tests.walking import csrf_token


@pytest.fixture
def stored(app):
    """Reads rows from the application's database."""

    def read(query):
        with app.extensions["quizapp"].database.reading() as session:
            return list(session.scalars(query))

    return read


@pytest.fixture
def nurse_two(make_person):
    person = make_person("Nurse Two", "nurse")
    person.sign_in()
    return person


# Whose sheet


def test_it_says_the_same_of_a_guessed_sheet_as_of_any_unknown_address(nurse):
    guessed = nurse.client.get("/staff/sheet/AAAAAAAAAAAAAAAAAAAAAA")
    unknown = nurse.client.get("/staff/there-is-no-such-page")
    assert guessed.status_code == unknown.status_code == 404
    bodies = [re.sub(r'name="csrf_token" value="[^"]+"', "", page.text) for page in (guessed, unknown)]
    assert bodies[0] == bodies[1]


def test_it_asks_for_the_code_when_opened_from_the_queue(app, nurse):
    page = nurse.client.get(make_sheet(app).url).text
    assert "Ask for the visit code before you talk" in page
    assert outcome_fields(page) == []


def test_it_takes_nothing_before_its_code_was_entered_in_this_session(app, nurse, nurse_two, stored):
    sheet = make_sheet(app)
    opened(nurse_two, sheet)
    page = nurse.client.get(sheet.url).text
    for then in ("save", "close", "unlink"):
        response = send(nurse, sheet, page, then, **{"outcome.one": "understood", "outcome.two": "understood"})
        assert "notice=code-first" in response.location
    response = nurse.client.post(f"{sheet.url}/recheck", data={"csrf_token": csrf_token(page)})
    assert "notice=code-first" in response.location
    assert "notice=code-first" in nurse.client.get(f"{sheet.url}/record").location
    assert stored(select(ReviewRow)) == []
    assert [attempt.closed_day for attempt in stored(select(Attempt))] == [None]


def test_it_unlocks_by_the_code_typed_on_the_sheet(app, nurse):
    sheet = make_sheet(app)
    response = nurse.post(f"{sheet.url}/code", sheet.url, code=sheet.code)
    assert response.location == sheet.url
    assert len(outcome_fields(nurse.client.get(sheet.url).text)) == 3


def test_it_does_not_switch_sheets_when_another_ones_code_is_typed(app, nurse):
    sheet, other = make_sheet(app), make_sheet(app)
    response = nurse.post(f"{sheet.url}/code", sheet.url, code=other.code)
    assert response.location.startswith(sheet.url)
    page = nurse.client.get(response.location).text
    assert "This code belongs to another sheet." in page
    assert parse(page).link("Open the sheet of that code") == other.url
    assert outcome_fields(page) == []
    assert len(outcome_fields(nurse.client.get(other.url).text)) == 3


def test_it_offers_no_sheet_whose_code_was_not_entered(app, nurse):
    sheet, other = make_sheet(app), make_sheet(app)
    page = parse(nurse.client.get(f"{sheet.url}?notice=other-sheet&other={other.id}").text)
    assert other.id not in page.one("main").html


def test_it_needs_the_code_again_after_signing_in_again(app, nurse):
    sheet = make_sheet(app)
    opened(nurse, sheet)
    nurse.post("/staff/logout", "/staff/")
    nurse.sign_in()
    assert "Ask for the visit code" in nurse.client.get(sheet.url).text


# What it shows


def test_it_shows_what_was_chosen_how_sure_and_what_the_leaflet_says(app, nurse):
    sheet = make_sheet(app, {"one": ("left", "right")}, sure=("one",), prompts=("my-risks",))
    page = opened(nurse, sheet)
    card = parse(page).by_id("card-1")
    for part in (
        "Talk first",
        "Could you tell me about one?",
        "thinks it is on the left",
        "Sure of an answer other than the leaflet’s: first sure of another answer, then right",
        "First try: On the left · sure",
        "Second try: On the right · sure · right",
        "The thing of one is on the right.",
        "one, form a: where?",
        "one, form b: where?",
    ):
        assert part in card
    assert "What are the risks for me?" in page
    assert "3 other answers" in page
    assert sheet.code not in page


def test_it_says_which_try_each_of_two_beliefs_comes_from(app, nurse):
    page = words(opened(nurse, make_sheet(app, {"one": ("left", "middle"), "two": ("left",)})))
    assert "thinks it is on the left thinks it is in the middle" in page  # of two questions: each has its own lines
    page = words(opened(nurse, make_sheet(app, {"three": ("left", "middle")})))
    assert "thinks it is on the left (first try) thinks it is in the middle (second try)" in page


def test_it_makes_one_card_of_a_belief_and_its_outcome_goes_to_each_flag(app, nurse, stored):
    sheet = make_sheet(app, {"two": ("left",), "four": ("left",)})
    page = opened(nurse, sheet)
    assert outcome_fields(page) == ["outcome.two.four"]
    send(nurse, sheet, page, **{"outcome.two.four": "understood"})
    assert {(row.item, row.outcome) for row in stored(select(ReviewRow))} == {
        ("two", "understood"),
        ("four", "understood"),
    }


def test_it_shows_five_cards_and_the_rest_as_a_line_each(app, nurse):
    names = ("a", "b", "c", "d", "e", "f", "g")
    edition = make_test_edition(make_procedure((tuple(make_item(name) for name in names),), "seven"))
    page = opened(nurse, make_sheet(app, dict.fromkeys(names, (None,)), edition))
    assert len(parse(page).all("li.card")) == 5
    assert len(parse(page).all(".also fieldset")) == 2
    assert len(outcome_fields(page)) == 7


def test_it_shows_belief_and_leaflet_also_for_topics_on_a_line(app, nurse):
    names = ("a", "b", "c", "d", "e", "f")
    items = tuple(make_item(name, critical=True) for name in names)
    edition = make_test_edition(make_procedure((items,), "six"))
    choices = {**dict.fromkeys(names[:5], (None, None)), "f": ("left", "right")}
    page = opened(nurse, make_sheet(app, choices, edition))
    line = parse(page).one(".also")
    for part in ("thinks it is on the left", "First try: On the left", "Second try: On the right", "The thing of f is"):
        assert part in line


def test_it_says_what_the_patient_wants_to_ask_before_what_to_talk_about(app, nurse):
    asked, not_asked = make_sheet(app, prompts=("my-risks",)), make_sheet(app)
    page = words(opened(nurse, asked))
    assert page.index("What are the risks for me?") < page.index("Could you tell me about one?")
    page = words(opened(nurse, not_asked))
    assert page.index("No question was ticked.") > page.index("Could you tell me about one?")


def test_it_shows_the_nurses_language_first_and_the_patients_below(app, nurse):
    english = make_procedure()
    spanish = replace(english, language="es", facts=tuple(replace(f, text="A la derecha.") for f in english.facts))
    edition = make_edition(Edition("", english.id, "es", {"en": english, "es": spanish}))
    page = parse(opened(nurse, make_sheet(app, {"two": ("left",)}, edition)))
    assert "The thing of two is on the right. A la derecha." in page.by_id("card-1")
    assert page.by_id("card-1").has('[lang="es"]', "A la derecha.")
    assert "Read in Español" in page


def test_it_shows_how_it_is_done_here(app, nurse):
    app.extensions["quizapp"].editions.catalogue.local_notes["made-up"] = {"fact-two": "Here it is upstairs."}
    page = opened(nurse, make_sheet(app, {"two": ("left",)}))
    assert "Here we do it so: Here it is upstairs." in words(page)


def test_it_says_whether_clinics_or_people_differ_in_the_nurses_language(app, nurse):
    english = make_procedure()
    differ = {"fact-two": ("clinic", "Hours differ."), "fact-four": ("person", "Bodies differ.")}
    facts = tuple(
        replace(fact, varies_by=differ[fact.id][0], varies=differ[fact.id][1]) if fact.id in differ else fact
        for fact in english.facts
    )
    edition = make_test_edition(replace(english, facts=facts))
    page = words(opened(nurse, make_sheet(app, {"two": ("left",), "four": (None,)}, edition)))
    assert "Clinics differ: Hours differ." in page
    assert "People differ: Bodies differ." in page


def test_it_says_where_the_patient_stopped(app, nurse):
    from quizapp.patients import attempts

    sheet = make_sheet(app, finish=False)
    context = app.extensions["quizapp"]
    with context.database.writing() as session:
        attempt = session.get(Attempt, sheet.id)
        procedure = context.editions.procedure_of(session, attempt)
        attempts.stop(session, attempt, procedure, context.clock().date())
        session.commit()
    assert "Stopped at lesson 2" in opened(nurse, sheet)


def test_it_prints_and_copies_for_the_chart_without_code_or_name(app, nurse):
    sheet = make_sheet(app, prompts=("my-risks",))
    page = opened(nurse, sheet)
    send(nurse, sheet, page, **{"outcome.one": "understood"})
    printed = nurse.client.get(f"{sheet.url}/print").text
    record = parse(nurse.client.get(f"{sheet.url}/record").text).one("textarea").text
    for part in ("thinks it is on the left", "Understood after talking", "What are the risks for me?"):
        assert part in words(printed)
        assert part in record
    # The third was not known at first, and right at the second try.
    assert record.count("began with “I don’t know yet”") == record.count("right at the second try") == 1
    assert "Nurse One" not in record
    assert sheet.id not in record
    assert sheet.code not in printed + record


def test_it_prints_until_which_day_it_is_kept(app, nurse, clock):
    sheet = make_sheet(app)
    assert "14 days left" in words(opened(nurse, sheet))
    printed = words(nurse.client.get(f"{sheet.url}/print").text)
    last = clock.now.date() + timedelta(days=14)
    assert f"Kept until {last.day} {last:%B %Y}" in printed
    assert "days left" not in printed


def test_it_shows_a_flag_rule_that_was_added_to_the_table(app, nurse, monkeypatch):
    rule = FlagRule("made-up", Priority.TALK_FIRST, "A made-up flag", "What it means.", lambda r: r.item.id == "four")
    monkeypatch.setattr(flags, "FLAG_RULES", (rule, *flags.FLAG_RULES))
    page = words(opened(nurse, make_sheet(app, {})))
    assert page.count("A made-up flag") == 2
    assert "Talk first: A made-up flag What it means." in page


def test_it_names_what_the_leaflet_leaves_out_if_nothing_was_missed(app, nurse):
    procedure = make_procedure()
    gap = replace(procedure.facts[0], id="gap", text="The leaflet does not name risks.", kind="gap")
    edition = make_test_edition(replace(procedure, facts=(*procedure.facts, gap)))
    assert "No misunderstanding was found" in words(opened(nurse, make_sheet(app, {}, edition)))
    assert "The leaflet does not name risks." in words(opened(nurse, make_sheet(app, {}, edition)))
    assert "The leaflet does not name risks." not in words(opened(nurse, make_sheet(app, {"two": ("left",)}, edition)))


# Outcomes and closing


def test_it_shows_each_nurse_what_the_other_recorded_in_order(app, nurse, nurse_two):
    sheet = make_sheet(app)
    first, second = opened(nurse, sheet), opened(nurse_two, sheet)
    send(nurse, sheet, first, **{"outcome.one": "understood"})
    send(nurse_two, sheet, second, **{"outcome.one": "still-unclear"})
    for person in (nurse, nurse_two):
        first, second = parse(person.client.get(sheet.url).text).all(".recorded li")
        assert "Understood after talking · Nurse One" in first
        assert "Still unclear · Nurse Two" in second


def test_it_closes_in_one_step_from_the_code(app, nurse):
    sheet = make_sheet(app)
    page = opened(nurse, sheet)
    response = send(nurse, sheet, page, "close", **dict.fromkeys(outcome_fields(page), "understood"))
    assert response.location == "/staff/?notice=closed"
    assert sheet.url not in nurse.client.get("/staff/").text


def test_it_saves_but_does_not_close_while_a_talk_flag_is_open(app, nurse, stored):
    sheet = make_sheet(app)
    response = send(nurse, sheet, opened(nurse, sheet), "close", **{"outcome.one": "understood"})
    assert "Saved, but not closed: 1 topic still needs an outcome." in words(nurse.client.get(response.location).text)
    assert len(stored(select(ReviewRow))) == 1
    assert sheet.url in nurse.client.get("/staff/").text


def test_it_marks_the_topics_that_keep_it_from_closing(app, nurse):
    names = ("a", "b", "c", "d", "e", "f", "g")
    items = tuple(make_item(name, critical=True) for name in names)
    edition = make_test_edition(make_procedure((items,), "seven"))
    sheet = make_sheet(app, {**dict.fromkeys(names[:6], (None, None)), "g": ("left", "right")}, edition)
    page = opened(nurse, sheet)
    assert "Outcome missing" not in page
    fields = outcome_fields(page)
    assert len(fields) == 7
    location = send(nurse, sheet, page, "close", **dict.fromkeys((fields[0], *fields[2:5]), "understood")).location
    page = parse(nurse.client.get(location).text)
    marked = [card["id"] for card in page.all('li[id^="card-"]', "Outcome missing")]
    assert marked == ["card-2", "card-6"]  # the seventh is one to check, which closing does not ask for
    assert "Saved, but not closed: 2 topics still need an outcome." in page
    assert page.link("Go to the first") == "#card-2"


def test_it_says_saved_once_nothing_keeps_it_from_closing_any_more(app, nurse, nurse_two):
    sheet = make_sheet(app)
    page = opened(nurse, sheet)
    location = send(nurse, sheet, page, "close", **{"outcome.one": "understood"}).location
    send(nurse_two, sheet, opened(nurse_two, sheet), **{"outcome.two": "understood"})
    page = words(nurse.client.get(location).text)
    assert "Outcome missing" not in page
    assert "not closed" not in page
    assert "Saved." in page


def test_it_deletes_at_once_when_asked_to(app, nurse, stored):
    sheet = make_sheet(app)
    page = opened(nurse, sheet)
    response = send(nurse, sheet, page, "unlink", **dict.fromkeys(outcome_fields(page), "understood"))
    assert response.location == "/staff/?notice=unlinked"
    assert stored(select(Attempt)) == []
    assert nurse.client.get(sheet.url).status_code == 404


def test_it_keeps_what_is_for_the_physician_on_a_list_of_its_own(app, nurse, stored):
    sheet = make_sheet(app)
    page = opened(nurse, sheet)
    response = send(nurse, sheet, page, "unlink", **dict.fromkeys(outcome_fields(page), "physician"))
    assert "notice=follow-up" in response.location
    assert len(stored(select(Attempt))) == 1
    assert sheet.url in nurse.client.get("/staff/?list=physician").text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"outcome.one": "cured"}, 400),
        ({"then": "delete-all"}, 400),
        ({"outcome.four": "understood"}, 303),
        ({"outcome.": "understood"}, 303),
    ],
)
def test_it_records_nothing_of_what_it_does_not_know(app, nurse, stored, fields, status):
    sheet = make_sheet(app)
    page = opened(nurse, sheet)
    data = {"csrf_token": csrf_token(page), "outcome.one": "understood", **fields}
    assert nurse.client.post(sheet.url, data=data).status_code == status
    assert stored(select(ReviewRow)) == []


def test_it_takes_no_outcome_without_a_csrf_token(app, nurse, stored):
    sheet = make_sheet(app)
    opened(nurse, sheet)
    assert nurse.client.post(sheet.url, data={"outcome.one": "understood"}).status_code == 400
    assert stored(select(ReviewRow)) == []


def test_it_audits_who_searched_opened_recorded_and_closed(app, nurse, nurse_two, stored):
    sheet = make_sheet(app)
    nurse_two.client.get(sheet.url)
    page = opened(nurse, sheet)
    send(nurse, sheet, page, "close", **dict.fromkeys(outcome_fields(page), "understood"))
    rows = stored(select(Audit).where(Audit.sheet == pseudonym_of(sheet.id)).order_by(Audit.id))
    assert [(row.staff_name, row.action) for row in rows] == [
        ("Nurse Two", "sheet-opened"),
        ("Nurse One", "searched"),
        ("Nurse One", "sheet-opened"),
        ("Nurse One", "outcome"),
        ("Nurse One", "sheet-closed"),
    ]


def test_it_names_no_sheet_in_the_audit_by_its_address_or_second(app, nurse, lead, stored):
    sheet = make_sheet(app)
    opened(nurse, sheet)
    rows = stored(select(Audit).where(Audit.sheet.is_not(None)))
    assert rows
    for row in rows:
        assert (row.at.second, row.at.microsecond) == (0, 0)
        assert lead.client.get(f"/staff/sheet/{row.sheet}").status_code == 404
    assert sheet.id not in lead.client.get("/staff/audit").text


# Asking again in the room


def handed_over(nurse, sheet):
    """The first question, on the nurse's device in the patient's hands."""
    page = opened(nurse, sheet)
    response = nurse.client.post(f"{sheet.url}/recheck", data={"csrf_token": csrf_token(page)})
    assert response.location == "/staff/recheck"
    return nurse.client.get("/staff/recheck").text


def answer(nurse, page, item, option, form="a"):
    data = {"csrf_token": csrf_token(page), "item": item, "form": form, "option": option}
    return nurse.client.post("/staff/recheck", data=data)


def test_it_asks_missed_items_again_and_shows_the_answers_on_the_sheet(app, nurse):
    sheet = make_sheet(app)
    page = handed_over(nurse, sheet)
    assert "one, form a: where?" in page
    assert answer(nurse, page, "one", "right").location == "/staff/recheck"
    page = nurse.client.get("/staff/recheck").text
    assert "three, form a: where?" in page
    answer(nurse, page, "three", "dont-know")
    assert nurse.client.get("/staff/recheck").location == "/staff/hand-back"
    data = {"csrf_token": csrf_token(page), "password": PASSWORD}
    response = nurse.client.post("/staff/hand-back", data=data)
    assert response.location.startswith(sheet.url)
    shown = words(nurse.client.get(sheet.url).text)
    assert "In the room: On the right · right" in shown
    assert "In the room: “I don’t know yet”" in shown


def test_it_says_on_sheet_and_record_what_asking_again_opened_again(app, nurse):
    sheet = make_sheet(app)
    send(
        nurse,
        sheet,
        opened(nurse, sheet),
        **dict.fromkeys(("outcome.one", "outcome.two", "outcome.three"), "understood"),
    )
    page = handed_over(nurse, sheet)
    answer(nurse, page, "one", "left")
    answer(nurse, page, "three", "right")
    data = {"csrf_token": csrf_token(page), "password": PASSWORD}
    response = nurse.client.post("/staff/hand-back", data=data)
    page = nurse.client.get(response.location)
    assert "Those topics are open again." in words(page.text)
    assert [card["id"] for card in parse(page.text).all("li.card", "Open again")] == ["card-1"]
    assert len(parse(page.text).all(".settled")) == 2
    response = send(nurse, sheet, page.text, "close")
    assert "Saved, but not closed: 1 topic still needs an outcome." in words(nurse.client.get(response.location).text)
    record = parse(nurse.client.get(f"{sheet.url}/record").text).one("textarea").text
    assert "Not answered as in the leaflet: “On the left” Outcome: open again, since it was asked again" in record
    assert "Answered as in the leaflet Outcome: Understood after talking" in record


def test_it_says_whether_anything_was_answered_in_the_room(app, nurse):
    for choice, sentence in (
        ("", "Nothing was answered in the room."),
        ("right", "The answers given in the room are now next to the first ones."),
    ):
        page = handed_over(nurse, make_sheet(app))
        answer(nurse, page, "one", choice)
        data = {"csrf_token": csrf_token(page), "password": PASSWORD}
        response = nurse.client.post("/staff/hand-back", data=data)
        assert sentence in words(nurse.client.get(response.location).text)


def test_it_keeps_the_first_answer_given_in_the_room(app, nurse, stored):
    page = handed_over(nurse, make_sheet(app))
    for option in ("right", "left"):
        answer(nurse, page, "one", option)
    assert [row.option for row in stored(select(Recheck))] == ["right"]


@pytest.mark.parametrize(
    ("item", "option", "form"),
    [("two", "left", "a"), ("one", "elsewhere", "a"), ("one", "left", "b"), ("", "left", "a")],
)
def test_it_refuses_what_it_did_not_ask_in_the_room(app, nurse, stored, item, option, form):
    page = handed_over(nurse, make_sheet(app))
    assert answer(nurse, page, item, option, form).status_code == 400
    assert stored(select(Recheck)) == []


def test_it_says_kindly_when_nothing_was_chosen_in_the_room(app, nurse, stored):
    page = handed_over(nurse, make_sheet(app))
    response = answer(nurse, page, "one", "")
    assert response.status_code == 303  # so that Back in the browser does not offer to send the form again
    shown = nurse.client.get(response.location)
    assert "Something is still missing" in shown.text
    assert "one, form a: where?" in shown.text
    assert answer(nurse, shown.text, "one", "right").location == "/staff/recheck"
    assert [row.option for row in stored(select(Recheck))] == ["right"]


def test_it_keeps_the_patient_out_of_the_staff_pages(app, nurse, stored):
    sheet = make_sheet(app)
    page = handed_over(nurse, sheet)
    for address in ("/staff/", sheet.url, f"{sheet.url}/print", "/staff/account", "/staff/exports", "/staff/find"):
        assert nurse.client.get(address).location == "/staff/recheck"
    assert send(nurse, sheet, page, "close", **{"outcome.one": "understood"}).location == "/staff/recheck"
    assert stored(select(ReviewRow)) == []
    for shown in (page, nurse.client.get("/staff/hand-back").text):
        assert "Sign out" not in shown
        assert "/staff/sheet/" not in shown
        assert not parse(shown).has('a[href="/staff/"]')


def test_it_gives_the_staff_pages_back_only_for_the_nurses_password(app, nurse):
    sheet = make_sheet(app)
    page = handed_over(nurse, sheet)
    for password in ("", "seven green boats", sheet.code):
        data = {"csrf_token": csrf_token(page), "password": password}
        response = nurse.client.post("/staff/hand-back", data=data)
        assert response.status_code == 303  # so that Back in the browser does not offer to send the password again
        assert "The password does not match." in nurse.client.get(response.location).text
    assert nurse.client.get("/staff/").location == "/staff/recheck"
    data = {"csrf_token": csrf_token(page), "password": PASSWORD}
    assert nurse.client.post("/staff/hand-back", data=data).status_code == 303
    assert nurse.client.get("/staff/").status_code == 200


def test_it_tells_nothing_of_the_right_answer_in_the_room(app, nurse):
    page = handed_over(nurse, make_sheet(app))
    assert "yes, on the right" not in page
    assert "The thing of one" not in page
    assert "key" not in parse(page).one("main").html
