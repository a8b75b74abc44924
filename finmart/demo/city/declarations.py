"""What the city's applicants say of themselves, in the words of the fact dictionary."""

from datetime import date

from finmart.demo.city import plan
from finmart.demo.city.dice import Dice
from finmart.demo.city.subjects import CitySubject

#: Of 100 farms so many are registered family farms.
_FAMILY_FARMS = 40


def declarations(subject: CitySubject) -> dict[str, str]:
    """Key → answer as it is typed. Every third firm has not answered yet, so that questions stay to be seen."""
    if subject.kind in ("farmer", "person"):
        return _of_person(subject)
    if subject.number % 3 == 0:
        return {}
    return {"legal_representative.age": str(_age(subject)), "controller.age": str(_age(subject)), "overdue_now": "no"}


def _of_person(subject: CitySubject) -> dict[str, str]:
    found = {"controller.age": str(_age(subject)), "overdue_now": "no"}
    if subject.trade is not None:
        dice = Dice("declares", subject.number)
        found["industry"] = subject.trade.industry
        found["years_established"] = str(dice.between(2, 22))
        if dice.chance(_FAMILY_FARMS):
            found["qualifications"] = "family_farm"
    return found


def _age(subject: CitySubject) -> int:
    born, day = subject.head_born, plan.REFERENCE_DATE
    return day.year - born.year - (date(day.year, born.month, born.day) > day)
