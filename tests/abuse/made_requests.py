"""Made-up requests: every route, half of what it takes, and the worst values that a program can meet."""

import io
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from hypothesis import strategies as st

import quizapp
from tests.abuse.cast import PROCEDURE, Actor
from tests.staff import PASSWORD

ROOT = Path(quizapp.__file__).parents[1]

# Values that one or another route takes.
FITTING = (
    *(PROCEDURE, "bell-place", "lamp-place", "a", "b", "left", "right", "middle", "dont-know", "think", "sure"),
    *("1", "2", "3", "10", "en", "es", "reset", "disable", "enable", "nurse", "lead", "save", "close", "unlink"),
    *("csv", "xlsx", "json", "summary", "options", "scores", "outcomes", "dictionary", "all", "publishable"),
    *("internal", "quality-meeting", "2026-Q4", "open", "closed", "physician", "signed-in", "exported", "/staff/"),
    *("clear", "explained", "Nurse One", "Lead One", PASSWORD, "why-there", "icon.svg", "app.css"),
)
# And what none does. Lone surrogates stand for bytes that are no UTF-8.
NASTY = (
    *("", " ", "\x00", "left\x00", "\x00\x00", "\n", "\r\nX-Injected: yes", "\x7f", "\udcff\udcfe", "a\udc80"),
    *("0", "-1", "1e400", "-1e400", "1.5", "NaN", "nan", "inf", "-inf", "0x10", "1_000", "+1", " 1 ", "٣", "²"),
    *(str(2**31), str(2**31 - 1), str(2**32), str(2**63), str(2**63 - 1), str(2**64), "9" * 5000, "0" * 5000 + "1"),
    *("true", "null", "None", "undefined", "[]", "{}", "[object Object]", "a,b", "a;b", "%00", "%", "%zz", "%2e%2e/"),
    *("../../etc/passwd", "..\\..\\", "/etc/passwd", "C:\\", "file:///etc/passwd", "//evil.example"),
    *("\\\\evil.example", "%2f%2fevil.example"),
    *("https://evil.example/", "javascript:alert(1)", "/staff/\\evil", "/staff/../", "/staff/?next=/staff/"),
    *("{{7*7}}", "${7*7}", "{%", "#{7*7}", "<script>alert(1)</script>", "\"'><", "' OR 1=1--"),
    *("'; DROP TABLE staff;--", "') UNION SELECT 1--"),
    *("1 AND SLEEP(9)", "$(id)", "`id`", "|id", "=cmd|' /C calc'!A0", "𝔘𝔫𝔦", "\u202eabc", "\u0130", "ß"),
    *("e\u0301" * 50, "é"),
    *("x" * 201, "x" * 3000, "x" * 70_000, "💩" * 300, "outcome.", "outcome.one.two.three", "-" * 300, "a-b-000"),
)
HEADERS = (
    *("HTTP_HOST", "HTTP_ORIGIN", "HTTP_REFERER", "HTTP_ACCEPT", "HTTP_ACCEPT_LANGUAGE", "HTTP_ACCEPT_ENCODING"),
    *("HTTP_RANGE", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST"),
    *("HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_PREFIX", "HTTP_X_HTTP_METHOD_OVERRIDE", "HTTP_USER_AGENT"),
    *("HTTP_AUTHORIZATION", "HTTP_TRANSFER_ENCODING", "HTTP_X_CSRFTOKEN", "HTTP_SEC_FETCH_SITE", "CONTENT_TYPE"),
    *("CONTENT_LENGTH", "HTTP_EXPECT", "HTTP_UPGRADE", "HTTP_X_ORIGINAL_URL", "SERVER_NAME"),
)
CONTENT_TYPES = (
    *("application/x-www-form-urlencoded", "multipart/form-data; boundary=B", "multipart/form-data"),
    *("application/json", "text/plain", "", "application/x-www-form-urlencoded; charset=utf-16"),
    *("multipart/form-data; boundary=" + "b" * 300,),
    *("application/xml", "é", 'x/y; z="', "application/x-www-form-urlencoded; charset=\x00"),
)


# What each form really sends; a made-up request changes some of it. `{name}` stands for what the person has seen.
FORMS: dict[str, dict[str, str]] = {
    "/p/<procedure_id>/": {},
    "/p/<procedure_id>/lesson/<int:number>": {},
    "/p/<procedure_id>/question/<item_id>": {"form": "a", "try": "1", "option": "left", "certainty": "sure"},
    "/p/<procedure_id>/prompts": {"prompts": "why-there"},
    "/p/<procedure_id>/stop": {},
    "/clear": {},
    "/language": {"language": "en", "return_path": "/"},
    "/text-size": {"size": "2", "return_path": "/"},
    "/theme": {"theme": "dark", "return_path": "/"},
    "/slip": {"code": "{code}", "procedure": PROCEDURE},
    "/i/<token>": {},
    "/staff/login": {"name": "Nurse One", "password": PASSWORD, "code": "", "next": "/staff/"},
    "/staff/logout": {},
    "/staff/logout-everywhere": {},
    "/staff/link/<token>": {"name": "Somebody New", "password": PASSWORD, "again": PASSWORD},
    "/staff/account/password": {"current": PASSWORD, "password": PASSWORD + " x", "again": PASSWORD + " x"},
    "/staff/account/second-factor": {"current": PASSWORD, "code": "123456"},
    "/staff/account/second-factor/off": {"current": PASSWORD, "code": "123456"},
    "/staff/accounts": {"name": "Somebody New", "role": "nurse"},
    "/staff/accounts/<int(max=2147483647):staff_id>/<any(reset, disable, enable):change>": {},
    "/staff/audit.csv": {"action": "exported", "name": "Lead One"},
    "/staff/exports": {
        "procedure": PROCEDURE,
        "table": "summary",
        "profile": "publishable",
        "format": "csv",
        "quarter": "",
        "edition": "",
        "language": "",
        "reason": "quality-meeting",
    },
    "/staff/exports/report": {"procedure": PROCEDURE, "first": "", "last": "", "reason": "quality-meeting"},
    "/staff/insights/alarm": {
        "procedure": PROCEDURE,
        "item": "bell-place",
        "language": "en",
        "since": "2026-Q3",
        "action": "staff-told",
    },
    "/staff/clock": {},
    "/staff/keep": {"path": "/staff/sheet/nothing", "outcome.bell-place": "clear"},
    "/staff/find": {"code": "{code}"},
    "/staff/invitations": {"procedure": PROCEDURE, "language": "en", "count": "3"},
    "/staff/sheet/<attempt_id>": {"then": "save", "outcome.bell-place": "clear"},
    "/staff/sheet/<attempt_id>/code": {"code": "{code}"},
    "/staff/sheet/<attempt_id>/stop": {},
    "/staff/sheet/<attempt_id>/recheck": {},
    "/staff/recheck": {"item": "bell-place", "form": "b", "option": "right"},
    "/staff/hand-back": {"password": PASSWORD},
}


def field_names() -> tuple[str, ...]:
    """Every name that a template writes or a view reads, from forms and from addresses."""
    templates = " ".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    views = " ".join(path.read_text() for path in (ROOT / "quizapp" / "web").rglob("*.py"))
    found = re.findall(r'\bname="([a-z][a-z_.-]*)"', templates)
    found += re.findall(r'\.(?:get|pop)\(\s*"([a-z][a-z_-]*)"', views)
    return tuple(sorted({*found, "then", "page", "list", "prompts", "item", "outcome.bell-place", "outcome.one.two"}))


@dataclass(frozen=True)
class MadeRequest:
    """A request as the server would hand it to the application. `{name}` stands for what the person has seen."""

    method: str
    path: str
    query: str
    fields: tuple[tuple[str, str], ...]
    body_kind: str
    csrf: str
    headers: dict[str, str] = field(default_factory=dict)
    cookie: str = "own"

    def __str__(self) -> str:
        return f"{self.method} {self.path[:80]!r}?{self.query[:80]!r} {self.body_kind} {str(self.fields)[:300]}"


SEEN = ("{sheet}", "{code}", "{link}", "{slip}", "{account}")
NAMES = field_names()
FIELD_PLACES = {"<procedure_id>": PROCEDURE, "<attempt_id>": "{sheet}", "<item_id>": "bell-place", "<name>": "app.css"}
PLACES = {"<token>": "{link}", "<int:number>": "1", "<int:try_number>": "1"} | FIELD_PLACES
VALUES = st.one_of(
    st.sampled_from((*FITTING, *SEEN)), st.sampled_from((*FITTING, *SEEN)), st.sampled_from(NASTY), st.text(max_size=20)
)
PAIRS = st.tuples(st.sampled_from(NAMES), VALUES)


@st.composite
def requests(draw: st.DrawFn, app: Flask) -> MadeRequest:
    """One request: half of them a real form with a little changed, half of them anything."""
    route = draw(st.sampled_from(_routes(app)))
    method = draw(st.sampled_from(route[1])) if _mostly(draw) else draw(st.sampled_from(["PUT", "OPTIONS", "TRACE"]))
    fields = list(FORMS.get(route[0], {}).items()) if method == "POST" and _mostly(draw) else draw(st.lists(PAIRS))
    if fields and draw(st.booleans()):
        place = draw(st.integers(0, len(fields) - 1))
        fields[place] = (fields[place][0], draw(VALUES))
    if not _mostly(draw):  # doubled, nested and far too many
        name, value = draw(PAIRS)
        fields += [(name, value)] * draw(st.sampled_from([1, 2, 10, 10_000]))
        fields += [(f"{name}[]", value), (f"{name}[0][a]", value), (f"{name}.x", value)]
    headers = {} if _mostly(draw) else draw(st.dictionaries(st.sampled_from(HEADERS), VALUES, min_size=1, max_size=2))
    if not _mostly(draw):
        headers["CONTENT_TYPE"] = draw(st.sampled_from(CONTENT_TYPES))
    return MadeRequest(
        method,
        re.sub(r"<[^>]+>", lambda place: _place(draw, place[0]), route[0].replace("/i/<token>", "/i/<slip>")),
        urlencode(draw(st.lists(PAIRS, max_size=4)), errors="surrogateescape") if draw(st.booleans()) else "",
        tuple(fields),
        "form" if _mostly(draw) else draw(st.sampled_from(["multipart", "files", "json", "raw", "short", "empty"])),
        "own" if _mostly(draw) else draw(st.sampled_from(["none", "foreign", "twice"])),
        headers,
        "own" if _mostly(draw) else draw(st.sampled_from(["none", "cut", "changed", "long", "bytes", "nul"])),
    )


def _mostly(draw: st.DrawFn) -> bool:
    """Nine times of ten: a request with everything wrong does not get past the door."""
    return draw(st.integers(0, 9)) < 9


def _routes(app: Flask) -> list[tuple[str, list[str]]]:
    """Every route's rule and methods, and some addresses that are none."""
    rules = sorted((rule.rule, sorted(rule.methods - {"OPTIONS"})) for rule in app.url_map.iter_rules())
    nowhere = ("/nowhere", "/.git/config", "//", "/p//", "/static/../app.css")
    return [*rules, *((path, ["GET", "POST"]) for path in nowhere)]


def _place(draw: st.DrawFn, place: str) -> str:
    if draw(st.integers(0, 3)) == 0:
        return draw(VALUES)
    if "staff_id" in place:
        return "{account}"
    if place.startswith("<any"):
        return draw(st.sampled_from(["reset", "disable", "enable"]))
    return PLACES.get(place, "{slip}")


def environ(request: MadeRequest, actor: Actor) -> dict[str, Any]:
    """The WSGI environment of a request by somebody."""
    seen = dict(zip(SEEN, actor.ids, strict=False))
    body, content_type = _body(request, actor, seen)
    made: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _latin(_filled(request.path, seen)),
        "QUERY_STRING": _latin(request.query),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost:8000",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body) + (50 if request.body_kind == "short" else 0)),
    }
    cookie = _cookie(request.cookie, actor.cookie)
    if cookie:
        made["HTTP_COOKIE"] = cookie
    made |= {name: _latin(value) for name, value in request.headers.items()}
    return made


def _latin(text: str) -> str:
    """A string as WSGI carries it: each byte of its UTF-8 as one character."""
    return text.encode("utf-8", "surrogateescape").decode("latin-1")


def _filled(text: str, seen: dict[str, str]) -> str:
    for name, value in seen.items():
        text = text.replace(name, value)
    return text


def _body(request: MadeRequest, actor: Actor, seen: dict[str, str]) -> tuple[bytes, str]:
    if request.method != "POST" or request.body_kind == "empty":
        return b"", "application/x-www-form-urlencoded"
    tokens = {"own": [actor.csrf], "none": [], "foreign": ["x" + actor.csrf[1:]], "twice": ["x", actor.csrf]}
    fields = [*(("csrf_token", token) for token in tokens[request.csrf]), *request.fields]
    fields = [(name, _filled(value, seen)) for name, value in fields]
    encoded = [tuple(text.encode(errors="surrogateescape") for text in pair) for pair in fields]
    if request.body_kind in ("multipart", "files"):
        file = b'; filename="../../x.html"' if request.body_kind == "files" else b""
        parts = [
            b'--B\r\nContent-Disposition: form-data; name="%b"%b\r\n\r\n%b\r\n' % (name, file if n else b"", value)
            for n, (name, value) in enumerate(encoded)
        ]
        return b"".join(parts) + b"--B--\r\n", "multipart/form-data; boundary=B"
    if request.body_kind == "json":
        return b'{"option": NaN, "try": 1e400, "a": [[[[1]]]]}', "application/json"
    if request.body_kind == "raw":
        return b"\xff\xfe&\xff=1&=&&==&%&%zz=%00&" + b"&".join(name for name, _ in encoded), (
            "application/x-www-form-urlencoded"
        )
    return urlencode(encoded).encode(), "application/x-www-form-urlencoded"


def _cookie(kind: str, own: str) -> str:
    return {
        "own": own,
        "none": "",
        "cut": own[: len(own) // 2],
        "changed": own[:-3] + "abc",
        "long": own + "; quizapp=" + "x" * 20_000 + "; staff=" + "y" * 20_000,
        "bytes": own + "; language=\xff\xfe; text-size=\x80; staff=\xe9",
        "nul": own + "; language=\x00; text-size=9; quizapp=\x00",
    }[kind]
