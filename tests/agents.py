"""What opens pages for a tour: the interface, and the one on Flask's test client. Chromium's is in browser/."""

from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.html import Element, parse


class Agent(Protocol):
    """What opens pages for a tour. Selectors are CSS; of several elements that match, the first is meant."""

    @property
    def path(self) -> str:
        """The address of the open page, without the host."""

    def open(self, address: str) -> None:
        """Open a path, or a whole address of this server."""

    def has(self, selector: str) -> bool:
        """Return whether the page has such an element."""

    def text(self, selector: str) -> str:
        """Return the text of an element."""

    def choose(self, selector: str) -> None:
        """Choose a radio button, or tick a check box."""

    def fill(self, selector: str, text: str) -> None:
        """Write into a field, past any limit that the page names."""

    def forge(self, name: str, value: str) -> None:
        """Change the hidden fields of this name in every form of the page."""

    def follow(self, selector: str) -> None:
        """Follow a link, or press a button that sends its form."""


@dataclass
class ClientAgent:
    """Follows links and sends forms as a browser without JavaScript does. `status` is the open page's."""

    client: FlaskClient
    status: int = 0
    path: str = ""
    page: Element = field(default_factory=lambda: parse("<p>no page yet</p>"))
    changes: dict[str, str] = field(default_factory=dict)

    def open(self, address: str) -> None:
        self._show(self.client.get(address, follow_redirects=True))

    def has(self, selector: str) -> bool:
        return self.page.has(selector)

    def text(self, selector: str) -> str:
        return self._first(selector).text

    def choose(self, selector: str) -> None:
        control = self._first(selector)
        self.changes[control["name"]] = control["value"]

    def fill(self, selector: str, text: str) -> None:
        self.changes[self._first(selector)["name"]] = text

    def forge(self, name: str, value: str) -> None:
        self.changes[name] = value

    def follow(self, selector: str) -> None:
        target = self._first(selector)
        if target.get("href") is not None:
            self.open(target["href"])
            return
        form = target.parent("form")
        fields = form.fields()
        fields |= {name: value for name, value in self.changes.items() if name in form.names()}
        if target.get("name"):
            fields[target["name"]] = target["value"]
        action = target.get("formaction") or form.get("action") or self.path
        if form.get("method") == "post":
            self._show(self.client.post(action, data=fields, follow_redirects=True))
        else:
            self.open(f"{action}?{urlencode(fields)}")

    def _first(self, selector: str) -> Element:
        found = self.page.all(selector)
        assert found, f"nothing matches {selector} on {self.path}:\n{self.page.html}"
        return found[0]

    def _show(self, response: TestResponse) -> None:
        self.status, self.path = response.status_code, response.request.full_path.removesuffix("?")
        self.page, self.changes = parse(response.text), {}
