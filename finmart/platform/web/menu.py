"""The menu: each domain names its entries, the layout shows those the actor may open."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Flask
from flask_babel import LazyString

from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.actor import Actor

AREAS = ("public", "applicant", "institution", "official", "operator")

#: The area that an organisation's kind works in.
AREA_OF_KIND = {
    "applicant": "applicant",
    "institution": "institution",
    "government": "official",
    "operator": "operator",
    "supplier": "public",
}


@dataclass(frozen=True)
class MenuItem:
    """One entry: ``endpoint`` takes no arguments; ``icon`` is a name of the icon sprite; low ``order`` comes first."""

    area: str
    endpoint: str
    label: str | LazyString
    icon: str
    order: int
    permission: Permission | None = None


def register_menu(app: Flask, items: Iterable[MenuItem]) -> None:
    """Add ``items`` to the app's menu. Raises ``ValueError`` for an unknown area."""
    menu: list[MenuItem] = app.extensions.setdefault("finmart.menu", [])
    for item in items:
        if item.area not in AREAS:
            raise ValueError(f"unknown area {item.area!r} of {item.endpoint}")
        menu.append(item)
    menu.sort(key=lambda item: (AREAS.index(item.area), item.order, item.endpoint))


def menu_for(app: Flask, actor: Actor) -> list[MenuItem]:
    """The entries of the actor's own area, or of the public one for a visitor."""
    area = AREA_OF_KIND.get(actor.organisation_kind or "", "public")
    items: list[MenuItem] = app.extensions.get("finmart.menu", [])
    return [item for item in items if item.area == area and (item.permission is None or actor.may(item.permission))]
