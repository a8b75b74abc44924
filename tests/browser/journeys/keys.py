"""A person without a mouse: every stop of the keyboard is looked at, as somebody who sees the screen would."""

from dataclasses import dataclass, field

from playwright.sync_api import ElementHandle, Locator, Page, expect

#: More stops than any page has; who needs more is caught in a trap.
MOST_STOPS = 400

NAME = "(at) => at.getAttribute('aria-label') || at.textContent.trim().slice(0, 60) || at.name || at.tagName"

PLACE = f"(at) => [...document.querySelectorAll('*')].indexOf(at) + ' ' + ({NAME})(at)"

#: Whether there is a ring round what has the focus; a shadow would vanish where the reader's system sets the colours.
SHOWN = """(at) => {
  const look = getComputedStyle(at);
  return look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
}"""

#: What hides the stop: the edge of the window, or something that lies on top of it.
HIDDEN = """(at) => {
  const boxes = [...at.getClientRects()].filter((box) => box.width > 0 && box.height > 0);
  const seen = boxes.map((box) => ({
    left: Math.max(box.left, 0), right: Math.min(box.right, innerWidth),
    top: Math.max(box.top, 0), bottom: Math.min(box.bottom, innerHeight),
  })).filter((box) => box.right - box.left > 1 && box.bottom - box.top > 1);
  if (!seen.length) return "is outside the window";
  const free = seen.some((box) => [0.25, 0.5, 0.75].some((part) => {
    const on = document.elementFromPoint((box.left + box.right) / 2, box.top + (box.bottom - box.top) * part);
    return on && (at.contains(on) || on.contains(at) || [...(at.labels || [])].some((label) => label.contains(on)));
  }));
  return free ? "" : "is covered";
}"""

#: How the stop lies to the one before: it follows in the text, and is above it only where a new column begins.
MISPLACED = """([before, at]) => {
  if (!(before.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING)) return "precedes";
  const [first, second] = [before.getBoundingClientRect(), at.getBoundingClientRect()];
  const main = document.querySelector("main");
  if (!main.contains(before) || !main.contains(at)) return "";
  return second.bottom <= first.top + 1 && second.left < first.right - 1 ? "lies above" : "";
}"""


@dataclass
class Keyboard:
    """Somebody's keys on one page; ``wrong`` collects what a stop lacked."""

    page: Page
    wrong: list[str] = field(default_factory=list)
    _before: ElementHandle | None = None

    def __post_init__(self) -> None:
        # A ring that is still growing would be measured too early.
        self.page.emulate_media(reduced_motion="reduce")

    def stop(self, *, back: bool = False) -> ElementHandle | None:
        """Go to the next (or the last) stop; None between the page's end and its beginning."""
        self.page.keyboard.press("Shift+Tab" if back else "Tab")
        self.page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        at = self.page.evaluate_handle("document.activeElement").as_element()
        if at is None or at.evaluate("(at) => at === document.body || at === document.documentElement"):
            self._before = None
            return None
        self._look(at, back)
        self._before = at
        return at

    def _look(self, at: ElementHandle, back: bool) -> None:
        name = f"{self.page.url}: {at.evaluate(NAME)}"
        if hidden := at.evaluate(HIDDEN):
            self.wrong.append(f"{name} {hidden}")
        if not at.evaluate(SHOWN):
            self.wrong.append(f"{name} does not show the focus")
        # Before the first link of a page lies only its other end.
        if self._before is None or (self._before if back else at).evaluate("(one) => one.matches('.skip-link')"):
            return
        pair = [at, self._before] if back else [self._before, at]
        if misplaced := self.page.evaluate(MISPLACED, pair):
            self.wrong.append(f"{name} {misplaced} {self._before.evaluate(NAME)}")

    def walk(self, *, back: bool = False) -> list[str]:
        """Every stop of the page from one end to the other, each by its place and name."""
        stops: list[str] = []
        while len(stops) < MOST_STOPS:
            self._before = self._before if stops else None
            at = self.stop(back=back)
            stop = str(at.evaluate(PLACE)) if at else ""
            # Beyond the end is the window itself, or the page's other end once more.
            if not at or stop in stops[:1]:
                return stops
            stops.append(stop)
        raise AssertionError(f"{self.page.url}: the keys are caught near {stops[-3:]}")

    def reach(self, target: Locator) -> None:
        """Press Tab until the target has the focus; what is passed on the way is looked at as well."""
        expect(target).to_be_visible()
        for _ in range(MOST_STOPS):
            self.stop()
            if target.evaluate("(one) => one === document.activeElement"):
                return
        raise AssertionError(f"{self.page.url}: no key leads to {target}")

    def type(self, target: Locator, words: str) -> None:
        """Reach a field and write into it, over what stood there."""
        self.reach(target)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(words)

    def follow(self, target: Locator, key: str = "Enter") -> Page:
        """Reach a link or button and press it; the page that comes."""
        self.reach(target)
        return self.send(key)

    def send(self, key: str = "Enter") -> Page:
        """Press what has the focus; the page that comes."""
        with self.page.expect_navigation(wait_until="networkidle"):
            self.page.keyboard.press(key)
        self._before = None
        return self.page
