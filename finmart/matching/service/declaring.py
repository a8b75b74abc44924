"""Facts declared for a run that belongs to nobody's account, read as an applicant's own answers are."""

from collections.abc import Mapping

from finmart.conditions.types import FactValue
from finmart.credit.types.declaring import read_answer
from finmart.reference.facts import facts

ORIGIN = "declared"
SOURCE = "declaration"


def read_declared(values: Mapping[str, str]) -> dict[str, FactValue]:
    """key → declared fact; texts as typed in a form. Raises ``NotDeclarable`` or ``DeclarationInvalid``."""
    return {
        key: FactValue(value=read_answer(key, text), observed_until=None, source=SOURCE, origin=ORIGIN)
        for key, text in values.items()
    }


def declarable_keys() -> frozenset[str]:
    """The facts an applicant may state itself."""
    return frozenset(key for key, definition in facts().items() if definition.is_declarable)
