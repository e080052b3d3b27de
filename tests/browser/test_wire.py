"""What a walk costs on an old phone: bytes, other hosts, reports, shifting, and the time until a touch shows."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.page_agent import tour_in
from tests.serving import LEFT_RIGHT, start_server

# Told through a binding, so that what is seen just before a page goes is not lost.
WATCH = """
addEventListener('securitypolicyviolation', (event) => tell('csp', event.violatedDirective + ' ' + event.blockedURI));
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) tell('shift', entry.value);
}).observe({ type: 'layout-shift', buffered: true });
const slow = new PerformanceObserver((list) => told(list.getEntries()));
const told = (entries) => { for (const entry of entries) if (entry.interactionId) tell('touch', entry.duration); };
slow.observe({ type: 'event', durationThreshold: 16, buffered: true });
addEventListener('pagehide', () => told(slow.takeRecords()));
"""
EXPECTED = ("404", "400", "413", "Clear-Site-Data")  # what Chromium says of pages that are asked for wrongly


@dataclass
class Measured:
    weights: dict[str, float] = field(default_factory=dict)
    hosts: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)
    told: dict[str, list[object]] = field(default_factory=lambda: defaultdict(list))
    touches: int = 0


@pytest.fixture(scope="module")
def measured(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Measured:
    server = start_server(tmp_path_factory.mktemp("wire") / "instance", questions_path=str(LEFT_RIGHT))
    context = browser.new_context(viewport={"width": 390, "height": 844})
    measured, sizes = Measured(), []
    context.expose_binding("tell", lambda _source, kind, what: measured.told[kind].append(what))
    context.add_init_script(WATCH)
    page = context.new_page()
    client = context.new_cdp_session(page)
    client.send("Network.enable")
    client.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.on("request", lambda request: measured.hosts.add("/".join(request.url.split("/")[:3])))
    page.on("console", lambda message: measured.said.append(message.text))
    for name in tour_in(page, server).patient():
        page.wait_for_load_state("networkidle")
        measured.weights[name] = sum(sizes)
        sizes.clear()
        for summary in page.query_selector_all("main summary"):
            summary.click()
            summary.click()
            measured.touches += 2
        measured.touches += 1
    context.close()
    server.stop()
    measured.hosts.discard(server.address)
    return measured


def test_it_weighs_little(measured: Measured) -> None:
    first, *later = measured.weights.values()
    print(f"cold page {first:.0f} bytes, later pages at most {max(later):.0f} bytes over the wire")
    assert first <= 15_000
    assert max(later) <= 6_000, measured.weights


def test_it_asks_nobody_else_and_its_policy_blocks_nothing(measured: Measured) -> None:
    print(f"{len(measured.weights)} pages: {len(measured.hosts)} other hosts, {len(measured.told['csp'])} CSP reports")
    assert measured.hosts == set()
    assert measured.told["csp"] == []
    assert [text for text in measured.said if not any(part in text for part in EXPECTED)] == []


def test_it_never_shifts_under_the_finger(measured: Measured) -> None:
    print(f"layout shift over {len(measured.weights)} pages: {sum(measured.told['shift'])}")
    assert measured.told["shift"] == []


def test_it_tells_how_long_a_touch_takes_to_show(measured: Measured) -> None:
    """A figure to read, no limit here: this machine may be busy. Touches under 16 ms are not reported one by one."""
    slow = sorted(measured.told["touch"])
    print(f"about {measured.touches} touches, {len(slow)} events over 16 ms, slowest {max(slow, default=16):.0f} ms")
    assert measured.touches > 30


def test_it_tells_of_a_page_that_breaks_the_rules(browser: Browser, tmp_path: Path) -> None:
    """The watch itself works: a blocked style and a shift are told."""
    server = start_server(tmp_path / "instance", questions_path=str(LEFT_RIGHT))
    context, told = browser.new_context(), defaultdict(list)
    context.expose_binding("tell", lambda _source, kind, what: told[kind].append(what))
    context.add_init_script(WATCH)
    page = context.new_page()
    page.goto(f"{server.address}/")
    page.evaluate("document.body.insertAdjacentHTML('afterbegin', '<p style=\"color: red\">x</p>')")
    page.evaluate(
        "new Promise((done) => requestAnimationFrame(() => { document.querySelector('main').prepend("
        "Object.assign(document.createElement('hr'))); requestAnimationFrame(() => setTimeout(done, 100)); }))"
    )
    assert told["csp"]
    assert told["shift"]
    context.close()
    server.stop()
