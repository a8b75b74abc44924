"""What the frame around every page shows: the menu of the actor's area, and facts about this installation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import current_app, g, request, url_for

from finmart.platform.crypto.keyring import keyring
from finmart.platform.kernel.actor import VISITOR, Actor
from finmart.platform.web.actor import current_actor
from finmart.platform.web.menu import AREA_OF_KIND, menu_for


@dataclass(frozen=True)
class NavLink:
    """One entry of the menu as the layout draws it."""

    label: str
    href: str
    icon: str
    current: bool


@dataclass(frozen=True)
class Headline:
    """An announcement that the frame shows above every page."""

    title_zh: str
    title_en: str
    href: str


@dataclass(frozen=True)
class Frame:
    """The frame of one page; ``unread`` counts the actor's messages to 100."""

    actor: Actor
    area: str
    links: tuple[NavLink, ...]
    demonstration: bool
    keys_file: str
    unread: int = 0
    headlines: Sequence[Headline] = ()


class _Checks:
    demonstration: Callable[[], bool] | None = None
    unread: Callable[[Actor], int] | None = None
    headlines: Callable[[Actor], Sequence[Headline]] | None = None


def use_demonstration_check(check: Callable[[], bool]) -> None:
    """Tell the house how to find out whether it holds demonstration data (accounts calls this)."""
    _Checks.demonstration = check


def use_unread_count(count: Callable[[Actor], int]) -> None:
    """Tell the house how to count somebody's unread messages (notices calls this)."""
    _Checks.unread = count


def use_headlines(headlines: Callable[[Actor], Sequence[Headline]]) -> None:
    """Tell the house which announcements somebody is shown (announcements calls this)."""
    _Checks.headlines = headlines


def stand_under(address: str) -> None:
    """Say under which entry of the menu this page stands, where its own address would tell another."""
    g.stands_under = address


def _mark_current(links: Sequence[NavLink]) -> tuple[NavLink, ...]:
    """Mark the entry whose address is the longest beginning of this page's."""
    path = g.get("stands_under", request.path)
    fitting = [link.href for link in links if path == link.href or path.startswith(link.href.rstrip("/") + "/")]
    best = max((href for href in fitting if href != "/" or path == "/"), key=len, default=None)
    return tuple(NavLink(link.label, link.href, link.icon, link.href == best) for link in links)


def _links(actor: Actor) -> tuple[NavLink, ...]:
    items = menu_for(current_app, actor)
    return _mark_current([NavLink(str(item.label), url_for(item.endpoint), item.icon, False) for item in items])


def first_page(actor: Actor) -> str:
    """The address of the first entry in the actor's menu; the front page where there is none."""
    items = menu_for(current_app, actor)
    return url_for(items[0].endpoint if items else "web.home")


def _keys_file(actor: Actor) -> str:
    made = keyring().generated_file
    return str(made) if made is not None and actor.organisation_kind == "operator" else ""


def frame() -> Frame:
    """The frame of this request's page; a visitor's, without figures, where no unit of work is open."""
    if "frame" not in g:
        reading = "unit" in g
        actor = current_actor() if reading else VISITOR
        check = _Checks.demonstration
        g.frame = Frame(
            actor=actor,
            area=AREA_OF_KIND.get(actor.organisation_kind or "", "public"),
            links=_links(actor),
            demonstration=bool(reading and check and check()),
            keys_file=_keys_file(actor),
            unread=_Checks.unread(actor) if reading and _Checks.unread else 0,
            headlines=_Checks.headlines(actor) if reading and _Checks.headlines else (),
        )
    found: Frame = g.frame
    return found


def this_page() -> str:
    """The address to come back to: this page, or the one a form was sent from."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    return request.path


def page_url(number: int) -> str:
    """This page's address with another page number and everything else kept."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "page"]
    return f"{request.path}?{urlencode([*kept, ('page', str(number))])}"
