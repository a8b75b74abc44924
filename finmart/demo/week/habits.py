"""Twelve connected institutions with habits: some fast, some slow, some silent, some that mostly decline."""

from dataclasses import dataclass
from datetime import date

from finmart.demo.city.dice import Dice


@dataclass(frozen=True)
class Habit:
    """How an institution works, in percent.

    ``acts`` is the chance to act in a round; with ``on_last_day`` it acts only on the day its duty is due. ``takes``
    is how many cards it takes from the board in a morning.
    """

    name: str
    acts: int
    on_last_day: bool = False
    approves: int = 60
    declines_early: int = 10
    asks_materials: int = 25
    takes: int = 0

    def moves(self, dice: Dice, due_on: date | None, today: date) -> bool:
        """Whether somebody does something about a lead in this round."""
        if self.on_last_day and due_on is not None and today < due_on:
            return False
        return dice.chance(self.acts)


FAST = Habit("fast", acts=75, approves=70, takes=2)
SLOW = Habit("slow", acts=60, on_last_day=True, approves=55, takes=1)
SILENT = Habit("silent", acts=0, takes=0)
DECLINING = Habit("declining", acts=50, approves=10, declines_early=45, asks_materials=10, takes=1)

#: Code of the institution → its habit.
HABITS: dict[str, Habit] = {
    "jxbank": FAST,
    "ccb": FAST,
    "gzb": FAST,
    "webank": FAST,
    "jx_agri_guarantee": FAST,
    "icbc": SLOW,
    "psbc": SLOW,
    "srb": SLOW,
    "abc": SILENT,
    "bocomm": SILENT,
    "boc": DECLINING,
    "cmb_nc": DECLINING,
}

#: Why they decline: code and weight.
DECLINES = (
    ("condition_not_met", 18),
    ("cash_flow", 20),
    ("debt_level", 14),
    ("guarantee_insufficient", 14),
    ("credit_record", 8),
    ("purpose", 6),
    ("materials_incomplete", 8),
    ("quota_used_up", 6),
    ("cannot_reach", 4),
    ("other", 2),
)
