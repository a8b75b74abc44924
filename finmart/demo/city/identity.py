"""Names, codes and addresses of fictional subjects: right in form, taken by nobody."""

from datetime import date

from finmart.demo.city import plan
from finmart.demo.city.dice import Dice
from finmart.demo.city.trades import Trade
from finmart.reference import credit_codes, regions, resident_ids
from finmart.reference.regions import Kind

_FIRST = "云禾樟赣瑶洪滕豫章青昌润泽晟铭拓启恒瀚旭霖桐澄岚沐"
_SECOND = "樟川源禾森辰谷峰澜渡宸屿岭溪穗筑岸驰"
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜戚谢邹喻"
_GIVEN = "禾示云演谷样川例源范溪拟岚设穗虚"
_PREFIXES = {"enterprise": "91", "individual_business": "92", "cooperative": "93"}
#: Numbers are walked with this step, so that neighbours in the list do not have neighbouring names.
_STEP = 7


def firm_name(number: int, kind: str, trade: Trade | None, district: str, dice: Dice) -> str:
    """A name that no other subject of the city bears, with the mark of the demonstration."""
    place = number * _STEP
    brand = _FIRST[place % len(_FIRST)] + _SECOND[(place // len(_FIRST) + number) % len(_SECOND)]
    words = dice.pick(trade.words) if trade else ""
    where = regions.label(district)
    if kind == "enterprise":
        return f"南昌{brand}{words}有限公司{plan.MARK}"
    if kind == "cooperative":
        return f"{where}{brand}{words}专业合作社{plan.MARK}"
    return f"{where}{brand}{words}{'' if words[-1] in '店行馆市房咖' else '店'}{plan.MARK}"


def person_name(number: int, dice: Dice) -> str:
    """A person's name: a surname and two characters that make no usual name."""
    return _SURNAMES[number % len(_SURNAMES)] + dice.pick(_GIVEN) + dice.pick(_GIVEN)


def credit_code(number: int, kind: str, district: str) -> str:
    """A credit code with right check characters and an organisation code that is not issued."""
    return credit_codes.make(_PREFIXES[kind], district, plan.CODE_BODY.format(number=number))


def resident_id(number: int, born: date) -> str:
    """A resident's number with a right check digit under a division that does not exist."""
    return resident_ids.make(plan.RESIDENT_DIVISION, born, number)


def street(district: str, dice: Dice) -> str:
    """A street or township of the district."""
    return dice.pick(regions.children(district, Kind.STREET)).code


def phone(number: int) -> str:
    """A mobile number for a demonstration account, from a block kept free of subscribers here."""
    return f"1900000{number:04d}"
