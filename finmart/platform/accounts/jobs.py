"""What is forgotten of accounts once nobody needs it any more, and ends that people are told of before they come."""

from datetime import timedelta

from finmart.platform.accounts.repository.keeping import forget_entries
from finmart.platform.accounts.repository.users import forget_unknown_phones
from finmart.platform.accounts.service.attempts import FORGET_AFTER
from finmart.platform.accounts.service.endings import remind_of_ends
from finmart.platform.jobs.registry import periodic
from finmart.platform.kernel.clock import now
from finmart.platform.web import form_keys

#: Network logs are kept for six months at least (网络安全法 21); entries end with them.
KEPT = timedelta(days=180)


@periodic("accounts.retention", every=timedelta(days=1))
def forget_old_entries() -> None:
    """Delete sessions, one-time links and codes over for six months, old counts of wrong tries, sent forms."""
    forget_entries(before=now() - KEPT)
    form_keys.sweep(before=now() - form_keys.KEPT)
    forget_unknown_phones(before=now() - FORGET_AFTER)


@periodic("accounts.endings", every=timedelta(days=1))
def tell_of_ends() -> None:
    """Tell institutions and the operator of qualifications and agreements that end within a month."""
    remind_of_ends()
