"""How a page is looked at: what axe finds, what runs off a small screen, what is hard to hit, where an error leads."""

from collections.abc import Iterable
from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe().axe_script
# Every rule that axe has, also those that are off by default: AAA, best practice, experimental.
ALL_RULES = "axe.getRules().map((rule) => rule.ruleId)"
TEXT_SPACING = """
* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
p { margin-bottom: 2em !important; }
"""
# Tables of figures may scroll in a region of their own; the page may not, and nothing may be cut off.
RUNS_OFF = """() => {
  const cut = [...document.querySelectorAll('main *')].filter(e => e.getClientRects().length
    && ['hidden', 'clip'].includes(getComputedStyle(e).overflowX) && e.scrollWidth > e.clientWidth + 1
    && !e.matches('.visually-hidden, svg, svg *')).map(e => 'cut off: ' + e.outerHTML.slice(0, 80));
  const width = document.scrollingElement.scrollWidth;
  return width > innerWidth ? ['page of ' + width + ' pixels', ...cut] : cut;
}"""
HARD_TO_HIT = """() => [...document.querySelectorAll('a, button, summary, select, input, .option label')]
  .filter(e => e.getClientRects().length && !e.matches('.skip, [type=radio], [type=checkbox]'))
  .filter(e => e.matches('button') || !e.closest('p:not(.links):not(:has(.button)), li, dd, td, th'))
  .map(e => [e, e.getBoundingClientRect().height, e.matches('.option label') ? 56 : 44])
  .filter(([e, height, least]) => height < least - .05)
  .map(([e, height]) => e.outerHTML.slice(0, 80) + ' ' + height)"""
# The patterns' error page: "Error:" in the title, a summary that leads to the field, the focus on either.
BAD_ERROR = """async () => {
  // The browser acts on `autofocus` only when it draws the page.
  await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const summary = document.querySelector('.error-summary');
  if (!summary) return document.title.startsWith('Error:') ? ['a title with no summary'] : [];
  const field = document.querySelector(summary.querySelector('a').hash);
  const bad = [];
  if (!/^Error: /.test(document.title)) bad.push('title ' + document.title);
  const focused = document.activeElement;
  if (focused !== summary && focused !== field) bad.push('focus on ' + focused.outerHTML.slice(0, 60));
  if (!field?.matches('input, select')) bad.push('no field ' + summary.querySelector('a').hash);
  return bad;
}"""


@dataclass(frozen=True)
class Look:
    """One way to see a page: `size` is the step of the text, "1" to "3"."""

    width: int
    scheme: str
    size: str


QUICK = (Look(390, "light", "1"), Look(390, "dark", "3"))
EVERY_LOOK = tuple(
    Look(width, scheme, size) for width in (390, 1280) for scheme in ("light", "dark") for size in ("1", "3")
)


@dataclass(frozen=True)
class Seen:
    """What is wrong with one page or state; nothing, if all is well."""

    name: str
    looks: int
    violations: tuple[str, ...]
    runs_off: tuple[str, ...]
    hard_to_hit: tuple[str, ...]
    bad_error: tuple[str, ...]


def put_on(page: Page, look: Look) -> None:
    """The class is all that the text size's cookie changes on a page."""
    page.set_viewport_size({"width": look.width, "height": 844})
    page.emulate_media(color_scheme=look.scheme)  # type: ignore[arg-type]  # "light" or "dark"
    page.evaluate("(size) => { document.documentElement.className = `text-${size}` }", look.size)


def violations(page: Page, look: Look) -> list[str]:
    put_on(page, look)
    page.evaluate(AXE)
    options = {"runOnly": {"type": "rule", "values": page.evaluate(ALL_RULES)}, "resultTypes": ["violations"]}
    found = page.evaluate("(options) => axe.run(document, options)", options)["violations"]
    return [f"{v['id']} ({look}): {[n['html'][:90] for n in v['nodes']][:3]}" for v in found]


def runs_off_a_small_screen(page: Page) -> list[str]:
    """At 320 pixels, tall as a phone and flat as a desktop at 400 %, with the largest text and WCAG's text spacing."""
    put_on(page, Look(320, "light", "3"))
    spacing = page.add_style_tag(content=TEXT_SPACING)
    found = []
    for height in (640, 256):
        page.set_viewport_size({"width": 320, "height": height})
        found += page.evaluate(RUNS_OFF)
    spacing.evaluate("(style) => style.remove()")
    put_on(page, Look(390, "light", "1"))
    return found


def look_at(page: Page, name: str, looks: Iterable[Look]) -> Seen:
    """Look at a page in every way and leave it narrow and light. Its context must bypass the CSP."""
    looks = tuple(looks)
    error, small = page.evaluate(BAD_ERROR), page.evaluate(HARD_TO_HIT)
    found = [violation for look in looks for violation in violations(page, look)]
    return Seen(name, len(looks), tuple(found), tuple(runs_off_a_small_screen(page)), tuple(small), tuple(error))
