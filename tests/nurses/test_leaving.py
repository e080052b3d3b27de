"""However a patient leaves the walk after the first lesson, the visit code leads the nurse to the sheet at once."""

from dataclasses import replace

import pytest

from quizapp.app import create_app
from quizapp.jobs import sweep_now
from quizapp.nurses.invitations import make_slips
from quizapp.web.context import context_of
from tests.agents import ClientAgent
from tests.html import parse
from tests.nurses.sheets import words
from tests.staff import Person
from tests.walking import WALK, Patient, csrf_token


class Leaver(Patient):
    """A patient on one device who has read the first lesson, and what can happen to that device.

    `code` is the visit code they noted; `link` is that of the slip they came with, if any.
    """

    def __init__(self, app, clock):
        super().__init__(app.test_client())
        self.app, self.clock, self.code, self.link = app, clock, "", ""

    def begin(self):
        self.start()
        self.code = self.visit_code
        self.next()
        self.send(self.url)

    def begin_with_slip(self):
        context = context_of(self.app)
        with context.database.writing() as session:
            edition = context.editions.current("left-right")
            (slip,) = make_slips(session, edition, "en", context.code_keys, context.clock().date(), 1)
            session.commit()
        self.link, self.code = f"/i/{slip.token}", slip.visit_code
        self.open(self.link)
        self.send(self.link)
        self.next()
        self.send(self.url)

    def to_lesson_two(self):
        self.answer("right")
        self.next()  # the pause
        self.next()

    def to_last_question(self):
        self.to_lesson_two()
        self.send(self.url)

    def start_again(self):
        self.open(f"{WALK}/")
        self.client.post(f"{WALK}/", data={"csrf_token": csrf_token(self.page), "again": "yes"})

    def press(self, url, **fields):
        """Press a button on any page that has one, and do not look at what comes."""
        self.client.post(url, data={"csrf_token": csrf_token(self.page), **fields})

    def other_device(self):
        return Patient(self.app.test_client())

    def open_slip_elsewhere(self):
        other = self.other_device()
        other.open(self.link)
        other.send(self.link)
        return other


def shut_off(patient):
    """The tab is closed, the battery is empty, the browser forgets its cookies: the device is gone."""
    patient.client = None


def next_patient(patient):
    """The next patient begins on the same, shared device."""
    patient.client.get("/forgotten")
    other = Patient(patient.client)
    other.start()


WAYS = {
    "closes the tab at the first question": lambda _: None,
    "has an empty battery": shut_off,
    "closes the tab on the feedback": lambda p: p.answer("right"),
    "closes the tab before the second try": lambda p: (p.answer("left"), p.next()),
    "closes the tab after the second try": lambda p: (p.answer("left"), p.next(), p.answer("left")),
    "closes the tab after “I don’t know yet”": lambda p: p.answer("dont-know"),
    "closes the tab at the pause": lambda p: (p.answer("right"), p.next()),
    "closes the tab at the second lesson": lambda p: p.to_lesson_two(),
    "closes the tab at the last question": lambda p: p.to_last_question(),
    "closes the tab at the prompts": lambda p: (p.to_last_question(), p.answer("left"), p.next()),
    "chooses nothing and leaves": lambda p: p.press(p.url, certainty="think"),
    "goes back to the first lesson": lambda p: p.open(f"{WALK}/lesson/1"),
    "goes back to the code": lambda p: p.open(f"{WALK}/code"),
    "goes back to the start": lambda p: p.open("/"),
    "goes back and sends an answer twice": lambda p: (
        p.press(p.url, **p.fields("left")),
        p.press(p.url, **p.fields("right")),
    ),
    "reads what is kept and leaves": lambda p: p.open("/privacy"),
    "changes the text size": lambda p: p.press("/text-size", size="3", return_path="/"),
    "changes the language": lambda p: p.press("/language", language="es", return_path="/"),
    "changes the language and starts again": lambda p: (
        p.press("/language", language="es", return_path="/"),
        p.start_again(),
    ),
    "starts again": lambda p: p.start_again(),
    "starts again twice": lambda p: (p.start_again(), p.start_again()),
    "clears the device": lambda p: p.press("/clear"),
    "clears the device and starts again": lambda p: (p.press("/clear"), p.start_again()),
    "is asked “Are you still there?”": lambda p: p.client.get("/still-there?return_path=/"),
    "is forgotten by the shared tablet": lambda p: p.client.get("/forgotten"),
    "is followed by the next patient on the tablet": next_patient,
    "stops": lambda p: p.press(f"{WALK}/stop"),
    "stops twice": lambda p: (p.press(f"{WALK}/stop"), p.press(f"{WALK}/stop")),
    "stops and goes on": lambda p: (p.press(f"{WALK}/stop"), p.answer("right")),
    "meets an error": lambda p: p.client.post(p.url, data={"csrf_token": "old"}),
    "is gone overnight": lambda p: p.clock.forward(days=1),
    "is gone until after the sweep": lambda p: (p.clock.forward(days=1), sweep_now(context_of(p.app))),
    "finishes": lambda p: (p.to_last_question(), p.answer("left"), p.next(), p.send(p.url)),
}
WAYS_WITH_A_SLIP = {
    "closes the tab": lambda _: None,
    "opens the slip on another device": lambda p: p.open_slip_elsewhere(),
    "stops on another device": lambda p: (other := p.open_slip_elsewhere()) and other.send(f"{WALK}/stop"),
    "starts again without the slip": lambda p: p.start_again(),
    "opens a new slip on the same device": lambda p: p.begin_with_slip(),
    "is forgotten by the shared tablet": lambda p: p.client.get("/forgotten"),
}


@pytest.fixture
def app(settings, clock):
    """A shared tablet, so that it forgets; everything else is as on other devices."""
    app = create_app(replace(settings, kiosk_minutes=5), clock)
    yield app
    app.extensions["quizapp"].database.dispose()


def sheet_of(nurse: Person, code: str) -> str:
    """Enter the code and return the sheet's words."""
    response = nurse.post("/staff/find", "/staff/find", code=code)
    assert response.location.startswith("/staff/sheet/"), words(nurse.client.get(response.location).text)
    return words(nurse.client.get(response.location).text)


STATES = ("Still answering, at lesson", "Stopped at lesson", "Finished on")


ALL_WAYS = [
    *((Leaver.begin, leave, way) for way, leave in WAYS.items()),
    *((Leaver.begin_with_slip, leave, f"{way}, with a slip") for way, leave in WAYS_WITH_A_SLIP.items()),
]


@pytest.fixture(scope="module")
def led_to_the_sheet():
    """Collects the ways after which the code led to the sheet, and prints how many (show it with -s -n 0)."""
    ways: list[str] = []
    yield ways
    print(f"\n{len(ways)} of {len(ALL_WAYS)} ways to leave the walk led a nurse with the code to the sheet at once")


def test_it_knows_at_least_30_ways_to_leave():
    assert len({way for _, _, way in ALL_WAYS}) >= 30


@pytest.mark.parametrize(("begin", "leave", "way"), ALL_WAYS, ids=[way for _, _, way in ALL_WAYS])
def test_it_leads_from_the_code_to_the_sheet_of_a_patient_who(
    begin, leave, way, app, clock, make_person, led_to_the_sheet
):
    patient = Leaver(app, clock)
    begin(patient)
    code = patient.code
    leave(patient)
    nurse = make_person("Nurse One", "nurse")  # who signs in now: some ways take more than a day
    nurse.sign_in()
    assert any(state in sheet_of(nurse, code) for state in STATES)
    led_to_the_sheet.append(way)


def test_it_says_not_begun_for_an_unopened_slip_and_before_the_first_lesson(app, clock, nurse):
    slip, waiting = Leaver(app, clock), Leaver(app, clock)
    slip.begin_with_slip()
    waiting.start()
    context = context_of(app)
    with context.database.writing() as session:
        edition = context.editions.current("left-right")
        (unopened,) = make_slips(session, edition, "en", context.code_keys, clock.now.date(), 1)
        session.commit()
    for code in (unopened.visit_code, waiting.visit_code):
        response = nurse.post("/staff/find", "/staff/", code=code)
        assert "Not begun" in nurse.client.get(response.location).text


# What a nurse may do with the sheet of a patient who is still answering


@pytest.fixture
def under_way(app, clock):
    patient = Leaver(app, clock)
    patient.begin()
    return patient


def open_page(nurse, patient):
    agent = ClientAgent(nurse.client)
    agent.open("/staff/")
    agent.fill("#visit-code", patient.code)
    agent.follow("form:has(#visit-code) button")
    return agent


def test_it_shows_each_answer_at_once_but_takes_no_outcome(under_way, nurse):
    assert "On the left" not in open_page(nurse, under_way).page
    under_way.answer("left")
    agent = open_page(nurse, under_way)
    assert "Still answering, at lesson 1" in agent.page
    assert agent.page.names("outcome.") == []
    sent = nurse.client.post(agent.path, data={"csrf_token": csrf_token(agent.page.html), "then": "close"})
    assert sent.status_code == 404
    under_way.next()
    under_way.answer("right")  # the patient goes on


def test_it_opens_no_unfinished_attempt_without_its_code(under_way, nurse, make_person):
    path = open_page(nurse, under_way).path
    other = make_person("Nurse Two", "nurse")
    other.sign_in()
    for page in (path, f"{path}/print", f"{path}/record"):
        assert nurse.client.get(page).status_code == 200
        assert other.client.get(page).status_code == 404
    assert other.post(f"{path}/stop", "/staff/").status_code == 404
    assert path not in nurse.client.get("/staff/").text


def test_it_becomes_a_sheet_when_the_nurse_says_that_they_have_stopped(under_way, nurse, lead):
    under_way.answer("left")
    agent = open_page(nurse, under_way)
    agent.follow(".under-way button")
    assert "Stopped at lesson 1" in agent.page
    assert agent.page.names("outcome.") != []
    assert agent.path.split("?")[0] in nurse.client.get("/staff/").text
    assert "Ended an attempt that a patient had left" in parse(lead.client.get("/staff/audit").text).one("tbody")
