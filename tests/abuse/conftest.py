"""A real server, and people who use it over HTTP."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.http_patient import HttpPatient, Reply
from tests.serving import LEFT_RIGHT, Server, start_server
from tests.staff import PASSWORD

WALK = "/p/left-right"


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[Server]:
    running = start_server(tmp_path / "instance", questions_path=str(LEFT_RIGHT), database_url=database_url)
    yield running
    running.stop()


@dataclass
class HttpStaff:
    """A nurse or lead over real HTTP."""

    browser: HttpPatient

    def get(self, path: str) -> Reply:
        return self.browser.request("GET", path)

    def post(self, path: str, on_page: str, **fields: str) -> Reply:
        """Send a form with the CSRF token of the page that it stands on."""
        self.browser.open(on_page)
        return self.browser.request("POST", path, {"csrf_token": self.browser.token, **fields})


def first_lead(server: Server, name: str = "Lead One") -> HttpStaff:
    """The lead who used the link that the server printed."""
    browser = HttpPatient(server.address)
    link = server.first_lead_link.removeprefix(server.address)
    browser.open(link)
    fields = {"csrf_token": browser.token, "name": name, "password": PASSWORD, "again": PASSWORD}
    assert browser.request("POST", link, fields).status == 303
    return HttpStaff(browser)


def visit_code(patient: HttpPatient) -> str:
    patient.open(f"{WALK}/code")
    return patient.visit_code
