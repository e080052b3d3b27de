"""Read pages in tests: find elements by CSS selector, id or text instead of cutting up the markup.

page = parse(response.text)
card = page.by_id("card-1")
assert "Talk first" in card                      # what a reader sees, white space normalized
assert page.one("h1").text == "Sheet"
assert page.link("Print") == "/staff/sheet/x/print"
client.post(url, data=page.one("form#outcomes").fields() | {"outcome.one": "understood"})
"""

from selectolax.lexbor import LexborHTMLParser, LexborNode

CONTROLS = "input[name], select[name], textarea[name]"


class Element:
    """One element of a page, or the whole page.

    Methods that return one element raise AssertionError, with the markup they looked in, unless exactly one matches.
    """

    def __init__(self, node: LexborNode) -> None:
        self._node = node

    def all(self, selector: str, text: str = "") -> list["Element"]:
        """Return the elements inside this one that match a CSS selector and contain `text`, in the page's order."""
        found = (Element(node) for node in self._node.css(selector))
        return [element for element in found if text in element.text]

    def has(self, selector: str, text: str = "") -> bool:
        """Return whether an element inside this one matches a CSS selector and contains `text`."""
        return bool(self.all(selector, text))

    def one(self, selector: str, text: str = "") -> "Element":
        """Return the only element inside this one that matches a CSS selector and contains `text`."""
        found = self.all(selector, text)
        wanted = f"{selector} with {text!r}" if text else selector
        assert len(found) == 1, f"{len(found)} elements instead of one match {wanted} in:\n{self.html}"
        return found[0]

    def by_id(self, name: str) -> "Element":
        """Return the element with this id."""
        return self.one(f'[id="{name}"]')

    def parent(self, tag: str) -> "Element":
        """Return the nearest element around this one that has this tag."""
        node = self._node.parent
        while node is not None and node.tag != tag:
            node = node.parent
        assert node is not None, f"no {tag} around:\n{self.html}"
        return Element(node)

    def link(self, text: str) -> str:
        """Return the address of the only link that contains `text`."""
        return self.one("a[href]", text)["href"]

    def names(self, prefix: str = "") -> list[str]:
        """Return the names of the form controls that begin with `prefix`: each once, in the page's order."""
        names = [control["name"] for control in self.all(CONTROLS)]
        return list(dict.fromkeys(name for name in names if name.startswith(prefix)))

    def values(self, name: str) -> list[str]:
        """Return the values offered under a name: by radio buttons, check boxes and buttons, or by a menu."""
        return [element["value"] for element in self.all(f'[name="{name}"][value], select[name="{name}"] option')]

    def fields(self) -> dict[str, str]:
        """Return what a browser would send for the form as it is, without a button."""
        fields = {}
        for control in self.all(CONTROLS):
            name, tag = control["name"], control._node.tag
            if tag == "select":
                fields[name] = (control.all("option[selected]") or control.all("option"))[0]["value"]
            elif tag == "textarea":
                fields[name] = control._node.text()
            elif control.get("type") not in ("radio", "checkbox", "submit") or control.get("checked") is not None:
                fields[name] = control.get("value") or ""
        return fields

    def rows(self, selector: str = "tr") -> list[list[str]]:
        """Return the text of each cell of the table rows that match a CSS selector."""
        return [[cell.text for cell in row.all("th, td")] for row in self.all(selector)]

    @property
    def text(self) -> str:
        """The text a reader sees: elements are separated by a space, white space is one space."""
        return " ".join(self._node.text(separator=" ").split())

    @property
    def html(self) -> str:
        """The element's own markup."""
        return self._node.html or ""

    def __contains__(self, text: str) -> bool:
        """Return whether a reader sees `text` in this element."""
        return text in self.text

    def __getitem__(self, attribute: str) -> str:
        """Return an attribute's value, or "" for one without a value; raise KeyError if the element lacks it."""
        return self._node.attributes[attribute] or ""

    def get(self, attribute: str) -> str | None:
        """Return an attribute's value, or None if the element lacks it."""
        return self[attribute] if attribute in self._node.attributes else None

    def __repr__(self) -> str:
        return f"<Element {self.html[:200]}>"


def parse(page: str) -> Element:
    """Parse a page or a fragment of one."""
    root = LexborHTMLParser(page).root
    assert root is not None, "the page is empty"
    return Element(root)
