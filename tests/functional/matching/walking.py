"""Walking through the pages of leads as the people of the demonstration city."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from sqlalchemy import text

from finmart.platform.db.session import session, unit_of_work
from tests.fixtures.city import CityVisit
from tests.functional.access.of_leads import OFFER

OWNER, CLERK, OPERATOR = "applicant_owner", "institution_clerk", "operator"
SEEN = re.compile(r'name="seen"[^>]*value="([0-9a-f]{16})"')
DONE = 302


@dataclass
class Walk:
    """One visit; each step says as whom it is taken and what it must come to."""

    visit: CityVisit

    def page(self, role: str, endpoint: str, **values: str) -> str:
        """The words of a page, as text."""
        self.visit.enter(role)
        response = self.visit.send(endpoint, values=values)
        assert response.status_code == 200, self.visit.told(response)
        return words(response.get_data(as_text=True))

    def post(self, role: str, endpoint: str, form: Mapping[str, Any] | None = None, **values: str) -> str:
        """Take a step; where it leads."""
        self.visit.enter(role)
        response = self.visit.send(endpoint, "POST", values=values, form=form or {})
        assert response.status_code == DONE, self.visit.told(response)
        return str(response.headers["Location"])

    def refused(
        self, status: int, role: str, endpoint: str, form: Mapping[str, Any] | None = None, **values: str
    ) -> str:
        """Take a step that must be refused with ``status``; the page as it was sent."""
        self.visit.enter(role)
        response = self.visit.send(endpoint, "POST", values=values, form=form or {})
        assert response.status_code == status, self.visit.told(response)
        return response.get_data(as_text=True)

    def confirmed(self, role: str, endpoint: str, form: Mapping[str, Any], **values: str) -> str:
        """Send terms, read their cost, and confirm them; where it leads."""
        self.visit.enter(role)
        shown = self.visit.send(endpoint, "POST", values=values, form={**OFFER, **form})
        assert shown.status_code == 200, self.visit.told(shown)
        html = shown.get_data(as_text=True)
        assert "综合年化成本（复利）" in html
        found = SEEN.search(html)
        assert found is not None, "the page names the terms whose cost it has shown"
        return self.post(role, endpoint, {**OFFER, **form, "seen": found[1]}, **values)


def words(html: str) -> str:
    """The text of a page's main part, blanks drawn together."""
    main = html.split("<main", 1)[-1].split("</main>", 1)[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def last_part(address: str) -> str:
    """The id with which an address ends."""
    return address.rsplit("/", 1)[-1]


def scalar(query: str, **values: Any) -> Any:
    """One value of the city's records."""
    with unit_of_work(readonly=True):
        return session().execute(text(query), values).scalar_one()


def state_of(lead: str) -> str:
    """Where a lead stands."""
    return str(scalar("SELECT state FROM lead WHERE public_id = :id", id=lead))
