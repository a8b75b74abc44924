"""An institution's qualification or agreement is about to end: its administrators and the operator hear of it once."""

from collections.abc import Iterator
from datetime import date, timedelta

from finmart.platform.accounts.models.organisations import Organisation
from finmart.platform.accounts.repository import organisations
from finmart.platform.accounts.service.telling import tell_members, tell_operators
from finmart.platform.accounts.service.tree import user_ids_reaching
from finmart.platform.accounts.types.letters import agreement_ends, institution_ends, qualification_ends
from finmart.platform.authz.permissions import Permission
from finmart.platform.kernel.clock import today
from finmart.platform.notices.types import Named


def remind_of_ends() -> int:
    """Tell of every end that has come near and was not told of before; how many there were."""
    told = 0
    for row in organisations.ending_institutions(today()):
        near = [(end, is_agreement) for end, is_agreement in _ends(row) if not _was_told(row, end)]
        for end, is_agreement in near:
            _tell(row, end, is_agreement=is_agreement)
        if near:
            row.reminded_of_end = max(end for end, _is_agreement in near)
        told += len(near)
    return told


def _ends(row: Organisation) -> Iterator[tuple[date, bool]]:
    """The days from which the qualification and the agreement (True) hold no more, where those are near."""
    for end, is_agreement in ((row.qualified_until, False), (row.agreement_until, True)):
        if end is not None and today() < end <= today() + organisations.ENDING_WITHIN:
            yield end, is_agreement


def _was_told(row: Organisation, end: date) -> bool:
    return row.reminded_of_end is not None and end <= row.reminded_of_end


def _tell(row: Organisation, end: date, *, is_agreement: bool) -> None:
    # Both ends are stored as the first day on which they hold no more; people are told the last on which they do.
    last = end - timedelta(days=1)
    own = agreement_ends(last) if is_agreement else qualification_ends(last)
    head_office = user_ids_reaching(row.id, None)
    tell_members(row.id, own, permission=Permission.OWN_MEMBERS_INVITE, only=head_office)
    name = Named(row.name_zh, row.name_en)
    tell_operators(institution_ends(row.public_id, name, last, is_agreement=is_agreement))
