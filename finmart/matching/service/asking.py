"""Whom questions are put to, and what products ask most often: what a form needs to put the likely answers first."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from finmart.matching.service.applicants import account_of
from finmart.platform.kernel.actor import Actor
from finmart.products import service as products
from finmart.products.types import Catalogue, Json

QUALIFICATIONS = "qualifications"


@dataclass(frozen=True)
class Asker:
    """The applicant's kind, and how many published products name each qualification."""

    kind: str
    named: Mapping[str, int]


def asker(actor: Actor) -> Asker:
    """The actor's side of a form of questions. Raises ``OrganisationUnknown`` for anybody who is no applicant."""
    catalogue = products.published_catalogue()
    return Asker(account_of(actor).kind.value, _named(_Once(catalogue)))


class _Once:
    """A catalogue as a key: one version is counted once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def __hash__(self) -> int:
        return hash(self.catalogue.version)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Once) and other.catalogue is self.catalogue


@lru_cache(maxsize=2)
def _named(once: _Once) -> Mapping[str, int]:
    return Counter(
        code
        for product in once.catalogue.products
        for code in {
            code for variant in product.variants for clause in variant.clauses for code in codes_in(clause.condition)
        }
    )


def codes_in(condition: Json) -> Iterator[str]:
    """The qualifications that a condition names, as often as it names them."""
    for value in condition.values():
        parts = value if isinstance(value, list) else [value]
        if len(parts) == 2 and parts[0] == {"fact": QUALIFICATIONS} and isinstance(parts[1], list):
            yield from (str(code) for code in parts[1])
            continue
        for part in parts:
            if isinstance(part, dict):
                yield from codes_in(part)
