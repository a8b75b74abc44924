"""People who go on with their work whatever dies under them, and remember what they were told.

Whoever was not answered sends the very same request again, as a browser's "send again" does; the house knows the form
by its key, a demand, a note of a call and a paper too, which people may well send twice on purpose.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from threading import Event
from time import sleep
from typing import Any

from tests.factories.files import pdf
from tests.integration.faults.browser import GONE, Browser, Page, Sent

CONFLICT = 409
#: How long somebody waits before they send again.
BREATH_S = 0.02
PUBLIC_ID = "[2-9b-z]{12}"


class Told(StrEnum):
    """What somebody knows of a request of theirs."""

    #: An answer said that it was done.
    DONE = "done"
    #: No answer came; sent again, it turned out that it had been done.
    DONE_UNSEEN = "done unseen"
    #: No answer came.
    UNKNOWN = "unknown"


@dataclass
class Memory:
    """What all of them were told, by kind of request."""

    told: list[tuple[str, Told]] = field(default_factory=list)
    #: Amounts of demands (分) → what their author was told; each amount is asked for once.
    demands: dict[int, Told] = field(default_factory=dict)
    #: Lead → steps that were certainly done, in their order.
    steps: dict[str, list[str]] = field(default_factory=dict)
    #: Product → whether it is on the shelf, as its institution was told last.
    shelf: dict[str, bool] = field(default_factory=dict)

    def note(self, kind: str, told: Told) -> None:
        """Remember an answer, or that none came."""
        self.told.append((kind, told))

    def counted(self, told: Told) -> int:
        """How many requests ended so."""
        return sum(each is told for _kind, each in self.told)


@dataclass
class Worker:
    """Somebody with a browser, who does one thing after the other; ``again`` is what was not answered."""

    memory: Memory
    again: tuple[str, Sent] | None = None

    def work(self, enough: Event) -> None:
        """Go on until it is enough, also when nobody answers."""
        while not enough.is_set():
            self.try_to_act()

    def try_to_act(self) -> None:
        """Do the next thing; what is not answered is remembered."""
        try:
            self.act()
        except GONE:
            if self.again is not None:
                self.memory.note(self.again[0], Told.UNKNOWN)
            sleep(BREATH_S)

    def act(self) -> None:
        """Do the next thing."""
        raise NotImplementedError

    def ask(self, browser: Browser, kind: str, sent: Sent) -> tuple[Page, str, Told]:
        """Send a request; one that was not answered is kept in ``again``.

        A refusal is only right for what had been done before: then the answer is ``DONE_UNSEEN``.
        """
        repeated = self.again is not None and self.again[1] == sent
        self.again = (kind, sent)
        page, leads_to = browser.send(sent)
        self.again = None
        if leads_to or page.status == 200:
            return page, leads_to, Told.DONE
        assert repeated, f"{kind}: {page.status} {page.words}"
        assert page.status == CONFLICT, f"{kind} again: {page.status} {page.words}"
        return page, "", Told.DONE_UNSEEN


Values = Mapping[str, Any]
#: The step's name → whose browser, the end of the form's address, what is filled in.
STEPS: dict[str, tuple[str, str, Values]] = {
    "contact": ("clerk", "/contact", {"outcome": "reached", "note": "已电话联系。"}),
    "opinion": ("clerk", "/opinion", {"note": "资料基本齐全，可以受理。"}),
    "ask_materials": ("clerk", "/materials", {"codes": "business_licence"}),
    "paper": ("applicant", "/materials/", {}),
    "hand_in": ("applicant", "/hand-in", {}),
    "approve": ("clerk", "/approve", {"amount": "10", "rate": "4", "months": "12"}),
    "decline": ("clerk", "/decline", {"code": "cash_flow", "note": "近一年经营流水不足以覆盖还款。"}),
    "accept": ("applicant", "/accept", {}),
    "draw_down": ("clerk", "/draw-down", {"amount": "10"}),
}
FUNDED = ("contact", "opinion", "approve", "accept", "draw_down")
WITH_PAPERS = ("contact", "ask_materials", "paper", "hand_in", "opinion", "approve")
DECLINED = ("contact", "opinion", "decline")


@dataclass
class Pair(Worker):
    """An applicant and a clerk of an institution: demand after demand, from the need to the decision."""

    applicant: Browser = field(kw_only=True)
    clerk: Browser = field(kw_only=True)
    product: str = field(kw_only=True)
    amounts: "count[int]" = field(kw_only=True)
    amount: int = 0
    demand: str = ""
    lead: str = ""
    steps: list[str] = field(default_factory=list)
    round: int = 0

    def act(self) -> None:
        """State a need, apply, or take the next step of the application under way."""
        if not self.demand:
            self._state_need()
        elif not self.lead:
            self._apply()
        else:
            self._step()

    def _state_need(self) -> None:
        if self.again is None:
            self.amount = next(self.amounts) * 100
            self.memory.demands[self.amount] = Told.UNKNOWN
            page = self.applicant.get("/demands/new")
            yuan = self.amount // 100
            values = {"amount": f"{yuan // 10_000}.{yuan % 10_000:04d}", "term_months": "12", "urgency": "month"}
            form = page.form("/demands/new")
            sent = Sent(form.action, form.filled(values))
        else:
            sent = self.again[1]
        page, leads_to, told = self.ask(self.applicant, "demand", sent)
        assert leads_to, page.words
        self.memory.note("demand", told)
        self.memory.demands[self.amount] = told
        self.demand = leads_to.rsplit("/", 1)[1]

    def _apply(self) -> None:
        path = f"/demands/{self.demand}/apply/{self.product}"
        if self.again is not None:
            sent = self.again[1]
        else:
            page = self.applicant.get(path)
            found = re.search(f"/applications/({PUBLIC_ID})", page.text.split("<main", 1)[-1])
            if found:  # It was done, and the page that said so was not answered either.
                self._begin(found.group(1), Told.DONE_UNSEEN)
                return
            form = page.form(path)
            sent = Sent(form.action, form.filled({"amount": "10"}))
        _page, leads_to, told = self.ask(self.applicant, "apply", sent)
        if leads_to:
            self._begin(leads_to.rsplit("/", 1)[1], told)

    def _begin(self, lead: str, told: Told) -> None:
        self.memory.note("apply", told)
        self.lead = lead
        self.memory.steps[lead] = ["apply"]
        self.steps = list((FUNDED, WITH_PAPERS, DECLINED)[self.round % 3])
        self.round += 1

    def _step(self) -> None:
        name = self.steps[0]
        side, ending, values = STEPS[name]
        browser = self.clerk if side == "clerk" else self.applicant
        path = f"/institution/leads/{self.lead}" if side == "clerk" else f"/applications/{self.lead}"
        sent = self.again[1] if self.again else self._filled(browser.get(path), name, ending, values)
        page, leads_to, told = self.ask(browser, name, sent)
        if told is Told.DONE and not leads_to:
            # The cost was shown first; now it is confirmed.
            form = page.form(ending)
            page, leads_to, told = self.ask(browser, name, Sent(form.action, form.filled(values)))
            assert leads_to or told is Told.DONE_UNSEEN, page.words
        self._done(name, told)

    def _filled(self, page: Page, name: str, ending: str, values: Values) -> Sent:
        if name == "paper":
            form = next(form for form in page.forms if re.search(f"/materials/{PUBLIC_ID}$", form.action))
            content = pdf(f"licence of {self.lead}")
            return Sent(form.action, form.filled(values), ("files", ("licence.pdf", content, "application/pdf")))
        form = page.form(ending)
        return Sent(form.action, form.filled(values))

    def _done(self, name: str, told: Told) -> None:
        self.memory.note(name, told)
        self.memory.steps[self.lead].append(name)
        self.steps.pop(0)
        if not self.steps:
            self.demand = self.lead = ""


@dataclass
class Editor(Worker):
    """An institution's administrator, who takes products from the shelf and puts them back."""

    browser: Browser = field(kw_only=True)
    products: list[str] = field(kw_only=True)
    turn: int = 0

    def act(self) -> None:
        """Suspend the next product, or resume it."""
        code = self.products[self.turn % len(self.products)]
        path = f"/institution/products/{code}"
        if self.again is not None:
            kind, sent = self.again
        else:
            page = self.browser.get(path)
            kind = "resume" if any(form.action.endswith("/resume") for form in page.forms) else "suspend"
            form = page.form(f"/{kind}")
            sent = Sent(form.action, form.filled({"reason": "额度调整，按内部安排办理。"}))
        _page, _leads_to, told = self.ask(self.browser, kind, sent)
        self.memory.note(kind, told)
        self.memory.shelf[code] = kind == "resume"
        self.turn += 1
