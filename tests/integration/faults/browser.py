"""Somebody at a browser: pages are read, forms are filled in and sent as they stand on the page."""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from threading import Event
from typing import Any

import requests

#: Errors of a request whose server died: whether it was done, nobody has said.
GONE = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
ANSWER_S = 30.0
File = tuple[str, bytes, str]


@dataclass(frozen=True)
class Form:
    """A form as it stands on a page: where it goes, and what it would send untouched."""

    action: str
    fields: tuple[tuple[str, str], ...]

    def filled(self, values: Mapping[str, Any]) -> list[tuple[str, str]]:
        """What is sent when ``values`` have been filled in."""
        kept = [(name, value) for name, value in self.fields if name not in values]
        return kept + [(name, str(value)) for name, value in values.items()]


@dataclass(frozen=True)
class Sent:
    """A request that can be sent a second time, byte for byte."""

    action: str
    fields: Sequence[tuple[str, str]]
    file: tuple[str, File] | None = None


class _Forms(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self._fields: list[tuple[str, str]] | None = None
        self._action = ""
        self._options: list[tuple[str, bool]] = []
        self._select = self._area = ""
        self.found: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "form" and known.get("method", "").lower() == "post":
            self._fields, self._action = [], known.get("action") or self._path
        elif self._fields is None:
            return
        elif tag == "input":
            self._input(known)
        elif tag == "select":
            self._select, self._options = known.get("name", ""), []
        elif tag == "option" and self._select:
            self._options.append((known.get("value", ""), "selected" in known))
        elif tag == "textarea":
            self._area = known.get("name", "")
            self._fields.append((self._area, ""))

    def _input(self, known: Mapping[str, str]) -> None:
        assert self._fields is not None
        kind = known.get("type", "text")
        if kind in {"submit", "file"} or not known.get("name"):
            return
        if kind in {"radio", "checkbox"} and "checked" not in known:
            return
        self._fields.append((known["name"], known.get("value", "on")))

    def handle_endtag(self, tag: str) -> None:
        if self._fields is None:
            return
        if tag == "select" and self._select:
            chosen = [value for value, selected in self._options if selected] or [v for v, _s in self._options[:1]]
            self._fields += [(self._select, value) for value in chosen]
            self._select = ""
        elif tag == "textarea":
            self._area = ""
        elif tag == "form":
            self.found.append(Form(self._action, tuple(self._fields)))
            self._fields = None

    def handle_data(self, data: str) -> None:
        if self._area and self._fields is not None:
            self._fields[-1] = (self._area, self._fields[-1][1] + data.lstrip("\n"))


@dataclass(frozen=True)
class Page:
    """An answer that was shown."""

    path: str
    status: int
    text: str

    @property
    def forms(self) -> list[Form]:
        """The forms on it that send something."""
        reader = _Forms(self.path)
        reader.feed(self.text)
        return reader.found

    def form(self, ending: str) -> Form:
        """The form that goes to an address that ends so. Raises ``LookupError``."""
        for form in self.forms:
            if form.action.partition("?")[0].endswith(ending):
                return form
        raise LookupError(f"{self.path} ({self.status}) has no form to …{ending}: {self.words}")

    @property
    def words(self) -> str:
        """What it says, shortened."""
        main = self.text.split("<main", 1)[-1]
        return " ".join(re.sub(r"<[^>]+>", " ", main).split())[:800]


@dataclass
class Wire:
    """The wire between browsers and server: it says when a form is on its way, and loses some of the answers.

    A server that dies between its commit and its answer looks the same to whoever asked; it is only rarer.
    """

    chosen: random.Random
    loss: float
    on_its_way: Event = field(default_factory=Event)

    def loses(self) -> bool:
        """Whether this answer gets lost."""
        return self.chosen.random() < self.loss


class Browser:
    """One person's browser, which keeps its cookie when the server dies."""

    def __init__(self, address: str, wire: Wire) -> None:
        self._address = address
        self._wire = wire
        self._session = requests.Session()

    def close(self) -> None:
        """Let go of its connections."""
        self._session.close()

    def get(self, path: str) -> Page:
        """Open a page. Raises an error of ``GONE`` when nobody answers."""
        answer = self._session.get(self._address + path, timeout=ANSWER_S)
        page = Page(path, answer.status_code, answer.text)
        assert answer.status_code < 500, f"{path}: {answer.status_code} {page.words}"
        return page

    def send(self, sent: Sent) -> tuple[Page, str]:
        """Send a form; the page it answers with, and where it leads (empty: nowhere)."""
        self._wire.on_its_way.set()
        files = {sent.file[0]: sent.file[1]} if sent.file else None
        answer = self._session.post(
            self._address + sent.action, data=list(sent.fields), files=files, timeout=ANSWER_S, allow_redirects=False
        )
        if self._wire.loses():
            raise requests.ConnectionError("the answer was lost on its way")
        page = Page(sent.action, answer.status_code, answer.text)
        assert answer.status_code < 500, f"{sent.action}: {answer.status_code} {page.words}"
        return page, answer.headers.get("Location", "")

    def sign_in(self, phone: str, password: str) -> None:
        """Sign in by the page."""
        form = self.get("/sign-in").form("/sign-in")
        page, leads_to = self.send(Sent(form.action, form.filled({"phone": phone, "password": password})))
        assert leads_to, page.words
