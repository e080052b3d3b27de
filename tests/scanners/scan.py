"""Scans the running program with outside scanners, once they have proved themselves on ten planted holes.

    python -m tests.scanners.scan [--minutes 5] [--tools FOLDER]

wapiti (every module that needs nothing outside this machine) as nobody, nurse and lead; sqlmap on every parameter of
the staff's addresses and forms; bandit on the code. They are installed into throw-away environments (in FOLDER, if it
is to be kept) and never become dependencies. Loopback only; each run is bounded in time. Prints a table; exits 1 where
fewer than eight holes are found, or anything is found in quizapp that EXPECTED does not explain.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import quizapp
from tests.http_patient import HttpPatient
from tests.scanners.holes import HOLES
from tests.serving import free_port, start_server
from tests.staff import PASSWORD

ROOT = Path(quizapp.__file__).parents[1]
MODULES = (
    "backup,brute_login_form,buster,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,methods,permanentxss,"
    "redirect,shellshock,spring4shell,sql,ssrf,timesql,upload,xss,xxe"
)
# Left out: cms, htp, network_device, nikto, wapp, wp_enum (they download lists), https_redirect and ssl (no TLS here,
# on loopback), log4shell and takeover (they ask name servers elsewhere), ldap (there is none; it takes two answers that
# differ for a sign of one, and ours differ by their form tokens).

# Findings that are no holes, each with its reason.
REASON_GIVEN = "let stand with a reason"
EXPECTED = {
    REASON_GIVEN: "ruff's S rules find the same lines; each says beside it why it may stand",
    "Secure Flag cookie": "over http on loopback; with QUIZAPP_HTTPS=1 every cookie is Secure and __Host-",
    "Strict Transport Security (HSTS)": "the same: sent with QUIZAPP_HTTPS=1",
    "HTTP Methods": "lists GET, HEAD, OPTIONS and POST, which are what there is",
}
STAFF_TARGETS = (
    "/staff/?list=open&procedure=it-pump&language=en&page=1",
    "/staff/insights?procedure=it-pump&edition=&quarter=&language=en",
    "/staff/exports?procedure=it-pump&table=summary&profile=publishable&quarter=&edition=&language=en",
    "/staff/audit?action=exported&name=Lead&before=100",
    "/staff/content?procedure=it-pump",
    "/staff/sheet/nothing?notice=saved&other=x",
    "/staff/login?next=/staff/",
)


@dataclass(frozen=True)
class Found:
    """One finding: the scanner, its words for it, the address and the parameter."""

    tool: str
    kind: str
    path: str
    detail: str = ""


@dataclass(frozen=True)
class Target:
    """A server and the cookie to scan it with."""

    address: str
    cookie: str = ""


def installed(tools: Path, package: str) -> Path:
    """The folder of a scanner's commands, installed into an environment of its own if need be."""
    folder = tools / package
    if not (folder / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(folder / "bin" / "pip"), "install", "-q", package], check=True, capture_output=True)
    return folder / "bin"


def wapiti(tools: Path, target: Target, seconds: float) -> list[Found]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            str(installed(tools, "wapiti3") / "wapiti"), "-u", f"{target.address}/", "-m", MODULES,
            "--endpoint", f"{target.address}/", "--store-session", folder, "--store-config", str(tools / "config"),
            "--flush-session", "--no-bugreport", "-f", "json", "-o", str(report), "-v", "0",
            "--max-scan-time", str(seconds / 5), "--max-attack-time", str(max(20, seconds / 20)),
            *(f for path in ("/staff/", "/staff/insights", "/staff/account", "/p/it-pump/")
              for f in ("-s", target.address + path)),
            # Signing out, or clearing the device, would end the session that every other form's token belongs to;
            # handing the device over would hide every other page.
            *(f for path in ("/clear*", "/staff/logout*", "/staff/logout-everywhere*", "*/recheck*")
              for f in ("-x", target.address + path)),
        ]  # fmt: skip
        if target.cookie:
            command += ["-H", f"Cookie: {target.cookie}", "--drop-set-cookie"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds * 4, check=False)
        if not report.exists():
            sys.exit(f"wapiti made no report:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
        told = json.loads(report.read_text())
    return [
        Found("wapiti", kind, one["path"], str(one.get("parameter") or ""))
        for part in ("vulnerabilities", "anomalies", "additionals")
        for kind, ones in told[part].items()
        for one in ones
    ]


def sqlmap(tools: Path, target: Target, path: str, seconds: float, data: str = "") -> list[Found]:
    with tempfile.TemporaryDirectory() as folder:
        command = [
            str(installed(tools, "sqlmap") / "sqlmap"), "-u", target.address + path, "--batch", "--level", "2",
            "--risk", "2", "--flush-session", "--output-dir", folder, "--ignore-code", "*", "--threads", "2",
            "--disable-coloring", "--technique", "BEUST",
        ]  # fmt: skip
        command += ["--cookie", target.cookie] if target.cookie else []
        command += ["--data", data] if data else []
        if "csrf_token" in data:
            command += ["--csrf-token", "csrf_token", "--csrf-url", target.address + path.partition("?")[0]]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired as stopped:
            said = (stopped.stdout or b"").decode() if isinstance(stopped.stdout, bytes) else stopped.stdout or ""
            return [Found("sqlmap", "SQL Injection", path)] if "is vulnerable" in said else []
    found = re.findall(r"^Parameter: (.+)$", done.stdout, re.MULTILINE)
    return [Found("sqlmap", "SQL Injection", path.partition("?")[0], name) for name in found]


def bandit(tools: Path) -> list[Found]:
    command = [str(installed(tools, "bandit") / "bandit"), "-r", str(ROOT / "quizapp"), "-f", "json", "-q"]
    told = json.loads(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    return [
        Found("bandit", REASON_GIVEN if "# noqa: S" in _line(one) else one["test_id"], one["filename"], _line(one))
        for one in told["results"]
    ]


def _line(one: dict[str, str]) -> str:
    return Path(one["filename"]).read_text().splitlines()[int(one["line_number"]) - 1].strip()


@contextmanager
def holes() -> Iterator[Target]:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:  # it runs any command, and so writes files where it stands
        command = [sys.executable, str(ROOT / "tests" / "scanners" / "holes.py"), str(port)]
        process = subprocess.Popen(command, cwd=folder)
        time.sleep(2)
        try:
            yield Target(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()
            process.wait()


@contextmanager
def quizapp_as(who: str) -> Iterator[Target]:
    """A demo server of its own, and the cookies of nobody, a nurse or a lead."""
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder) / "instance"
        command = [sys.executable, "-c", "from quizapp.cli import main; main()"]
        environment = {"QUIZAPP_INSTANCE_PATH": str(instance), "PATH": "/usr/bin:/bin"}
        subprocess.run([*command, "demo", "--attempts", "60"], env=environment, check=True, capture_output=True)
        server = start_server(instance, starts_per_minute="1000000")
        try:
            browser = HttpPatient(server.address)
            if who != "nobody":
                browser.open(server.first_lead_link.removeprefix(server.address))
                answer = {"csrf_token": browser.token, "name": "Lead", "password": PASSWORD, "again": PASSWORD}
                browser.request("POST", browser.url, answer)
            if who == "nurse":
                browser.open("/staff/accounts")
                fields = {"csrf_token": browser.token, "name": "Nurse", "role": "nurse"}
                link = re.findall(r"/staff/link/[\w-]+", browser.request("POST", "/staff/accounts", fields).body)[0]
                browser = HttpPatient(server.address)
                browser.open(link)
                answer = {"csrf_token": browser.token, "password": PASSWORD, "again": PASSWORD}
                browser.request("POST", link, answer)
            browser.open("/")
            if who != "nobody":
                browser.open("/staff/account")
                assert "My account" in browser.page
            cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
            yield Target(server.address, cookie if who != "nobody" else "")
            broken = [line for line in (instance / "server.log").read_text().splitlines() if '"event": "error"' in line]
            print(f"    errors that the server logged meanwhile, as {who}: {len(broken)}", *broken[:3], sep="\n    ")
        finally:
            server.stop()


def holes_found(found: list[Found]) -> dict[str, bool]:
    return {
        hole: any(kind in one.kind and path in one.path for one in found)
        for hole, (_, kind, path) in HOLES.items()
    }  # fmt: skip


def say(tool: str, target: str, found: list[Found], started: float) -> list[Found]:
    """Print one row of the table; what is left unexplained."""
    left = [one for one in found if one.kind not in EXPECTED]
    print(f"| {tool} | {target} | {len(left)} | {len(found) - len(left)} | {time.monotonic() - started:.0f} s |")
    for one in left:
        print(f"    {one}")
    return left


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5, help="for each run of wapiti")
    parser.add_argument("--tools", type=Path, help="keep the scanners here")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        tools, seconds = (chosen.tools or Path(temporary)).resolve(), chosen.minutes * 60
        tools.mkdir(exist_ok=True)
        started = time.monotonic()
        with holes() as target:
            seen = holes_found(
                wapiti(tools, target, seconds) + sqlmap(tools, target, "/login", 120, "name=ann&password=x")
            )
        for hole, is_found in seen.items():
            print(f"    {'found' if is_found else 'MISSED'}: {hole}")
        print(f"planted holes found: {sum(seen.values())} of {len(seen)} in {time.monotonic() - started:.0f} s")
        print("| scanner | what | unexplained | explained | time |\n|---|---|---|---|---|")
        left = say("bandit", "the code", bandit(tools), time.monotonic())
        for who in ("nobody", "nurse", "lead"):
            with quizapp_as(who) as target:
                started = time.monotonic()
                left += say("wapiti", f"as {who}", wapiti(tools, target, seconds), started)
        with quizapp_as("lead") as target:
            started, found = time.monotonic(), []
            for path in STAFF_TARGETS:
                found += sqlmap(tools, target, path, 90)
            found += sqlmap(
                tools, Target(target.address), "/staff/login", 90, "csrf_token=x&name=Lead&password=x&next=/staff/"
            )
            found += sqlmap(tools, target, "/staff/find", 90, "csrf_token=x&code=amber-kettle-407")
            left += say("sqlmap", f"{len(STAFF_TARGETS) + 2} addresses and forms as lead", found, started)
    for kind, reason in EXPECTED.items():
        print(f"explained: {kind}: {reason}")
    sys.exit(1 if left or sum(seen.values()) < 8 else 0)


if __name__ == "__main__":
    main()
