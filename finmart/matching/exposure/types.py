"""What is noted of a result page: which product stood at which place, and that its page was opened from there."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Noted:
    """One product of one run, shown or opened. Only the run says whom it was for; no name, no number of a person."""

    run: str
    code: str
    at: datetime
    #: 0 where only the opening is known: another process may write the showing a moment later.
    version: int = 0
    place: int = 0
    opened: bool = False
