"""A patient over real HTTP: one device, one cookie jar."""

import contextlib
import http.client
import urllib.parse
from dataclasses import dataclass, field

from tests.html import parse


@dataclass
class Reply:
    status: int
    location: str
    body: str
    headers: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class HttpPatient:
    """Follows pages as they are. `cookies` can be copied to make several copies of one device."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    url: str = "/"
    page: str = ""
    agent: str = "A browser"

    def request(self, method: str, path: str, fields: dict[str, str] | None = None) -> Reply:
        host = self.address.removeprefix("http://")
        connection = http.client.HTTPConnection(host, timeout=30)
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        headers["User-Agent"] = self.agent
        body = None
        if fields is not None:
            body = urllib.parse.urlencode(fields, doseq=True)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with contextlib.closing(connection):  # also where the server is killed while it answers
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode(errors="replace")
        for cookie in response.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.split(";", 1)[0].partition("=")
            self.cookies[name] = value
        return Reply(response.status, response.headers.get("Location", ""), text, response.getheaders())

    def open(self, path: str) -> Reply:
        reply = self.request("GET", path)
        while reply.status in (302, 303):
            path = reply.location
            reply = self.request("GET", path)
        self.url, self.page = path, reply.body
        return reply

    @property
    def token(self) -> str:
        return parse(self.page).all("[name=csrf_token]")[0]["value"]

    @property
    def visit_code(self) -> str:
        return parse(self.page).one(".code strong").text

    @property
    def next_link(self) -> str | None:
        """Where the page leads on by a link; None if it has a form for that."""
        links = parse(self.page).all("main a[rel=next]")
        return links[0]["href"] if links else None

    def next_form(self) -> tuple[str, dict[str, str]] | None:
        """The page's main form, filled in: its address and fields; None if a link leads on."""
        if self.next_link:
            return None
        form = parse(self.page).all("main form")[0]
        fields = form.fields()
        if "/question/" in self.url:
            fields |= {"option": form.by_id("option-1")["value"], "certainty": "think"}
        return form["action"], fields

    @property
    def is_done(self) -> bool:
        return 'id="journey-done"' in self.page

    def step(self) -> None:
        """Go one page on."""
        form = self.next_form()
        if form is None:
            self.open(self.next_link or "/")
            return
        reply = self.request("POST", *form)
        assert reply.status == 303, (form[0], reply.status, reply.body)
        self.open(reply.location)

    def walk(self) -> None:
        self.open("/")
        while not self.is_done:
            self.step()
