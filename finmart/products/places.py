"""Where a product is offered: the places people choose from, and which of them a product's regions open."""

from functools import cache

from finmart.products.labels import NOT_STATED, Label
from finmart.reference import regions

#: The province around the city: its cities can be chosen, and the districts of the city itself.
PROVINCE = regions.ancestors(regions.CITY)[0]
#: The code of products that are offered in other provinces alone.
ELSEWHERE = "elsewhere"


@cache
def choices() -> tuple[str, ...]:
    """The places to choose from: the city, its districts, the province, its other cities."""
    districts = [district.code for district in regions.districts(regions.CITY)]
    others = [city.code for city in regions.children(PROVINCE, regions.Kind.CITY) if city.code != regions.CITY]
    return (regions.CITY, *districts, PROVINCE, *others)


@cache
def open_to(stated: tuple[str, ...], owner: str) -> tuple[str, ...]:
    """The places in which at least a part of a product is offered.

    Where the source states no region (``stated`` is empty), the region of the institution counts, and a national
    institution (``owner`` is empty) counts everywhere; such a product also carries ``not_stated``.
    """
    codes = stated or ((owner,) if owner else ())
    places = tuple(
        place
        for place in choices()
        if not codes or any(regions.contains(code, place) or regions.contains(place, code) for code in codes)
    )
    return (*(places or (ELSEWHERE,)), *(() if stated else (NOT_STATED,)))


def order(code: str) -> tuple[int, str]:
    """Places in the order of the choices, everything else after them."""
    places = choices()
    return (places.index(code) if code in places else len(places), code)


def name(code: str) -> Label:
    """A place in words."""
    if code == ELSEWHERE:
        return Label("其他省份", "Other provinces")
    return Label(regions.label(code), regions.label(code, "en"))
