"""A patient without a browser: follows the pages as they are."""

from dataclasses import dataclass

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.html import parse

WALK = "/p/left-right"


def csrf_token(page: str) -> str:
    return parse(page).all("[name=csrf_token]")[0]["value"]


@dataclass
class Patient:
    """One device. `choices` maps a stem to the labels chosen at each try; others get their first option."""

    client: FlaskClient
    url: str = "/"
    page: str = ""

    def open(self, url: str) -> TestResponse:
        response = self.client.get(url)
        while response.status_code in (302, 303, 308):
            url = response.location
            response = self.client.get(url)
        self.url, self.page = url, response.text
        return response

    def post(self, url: str, **fields: str) -> TestResponse:
        """Send a form with this page's CSRF token; the redirect is not followed."""
        return self.client.post(url, data={"csrf_token": csrf_token(self.page), **fields})

    def send(self, url: str, **fields: str) -> TestResponse:
        """Send a form and open where it leads."""
        response = self.post(url, **fields)
        assert response.status_code == 303, response.text
        return self.open(response.location)

    def start(self, procedure: str = WALK) -> None:
        self.open(f"{procedure}/")
        self.send(f"{procedure}/")

    def next(self) -> None:
        self.open(parse(self.page).one("a[rel=next]")["href"])

    def answer(self, option: str, certainty: str = "think") -> TestResponse:
        return self.send(self.url, **self.fields(option, certainty))

    def fields(self, option: str, certainty: str = "think") -> dict[str, str]:
        """What the question page on screen sends for an option."""
        fields = parse(self.page).one("main form:has([name=option])").fields()
        return {"form": fields["form"], "try": fields["try"], "option": option, "certainty": certainty}

    def to_first_question(self) -> None:
        self.start()
        self.next()
        self.send(self.url)

    def to_summary(self, first: str = "right", second: str = "left") -> None:
        """The whole made-up walk, with the given answers to its two items."""
        self.to_first_question()
        self.answer(first)
        if first != "right":
            self.next()
            self.answer("right")
        self.next()  # the pause
        self.next()
        self.send(self.url)
        self.answer(second)
        self.next()
        self.send(self.url)

    @property
    def visit_code(self) -> str:
        return parse(self.page).one(".code strong").text
