"""Regions: districts and zones apart, abolished codes alive, every catalogue region named."""

import pytest

from finmart.reference import regions
from finmart.reference.regions import Kind, UnknownRegion

#: Regions outside Jiangxi in which products of the catalogue are offered.
ELSEWHERE = (
    "120000",
    "130800",
    "310000",
    "320000",
    "320500",
    "320706",
    "320722",
    "330102",
    "330382",
    "340000",
    "340400",
    "350000",
    "350100",
    "350200",
    "371000",
    "410100",
    "420323",
    "431081",
    "440000",
    "440300",
    "440700",
    "440704",
    "440785",
    "510000",
    "610100",
    "640000",
)


def test_nanchang_has_nine_districts_and_five_zones_of_another_kind() -> None:
    assert [node.code for node in regions.districts()] == [
        "360102",
        "360103",
        "360104",
        "360111",
        "360112",
        "360113",
        "360121",
        "360123",
        "360124",
    ]
    assert [node.code for node in regions.zones()] == ["NC-GJ", "NC-GX", "NC-JK", "NC-WL", "NC-XL"]
    assert {node.kind for node in regions.zones()} == {Kind.ZONE}


def test_a_zone_lies_in_its_district_or_in_the_city() -> None:
    assert regions.ancestors("NC-XL") == ("360121", "360100", "360000")
    assert regions.ancestors("NC-JK") == ("360100", "360000")
    assert regions.contains("360100", "NC-JK")
    assert not regions.contains("360113", "NC-JK")
    assert regions.district_of("NC-XL") == "360121"
    assert regions.district_of("NC-JK") is None


def test_streets_and_villages_know_where_they_lie() -> None:
    assert regions.contains("360102", "360102002")
    assert regions.region("360102002").kind is Kind.STREET
    village = regions.region("360102002001")
    assert (village.kind, village.parent) == (Kind.VILLAGE, "360102002")
    assert regions.district_of("360102002001") == "360102"


def test_abolished_divisions_are_still_read_but_not_listed() -> None:
    assert regions.region("360122").abolished
    assert regions.region("360122").successor == "360112"
    assert regions.contains("360100", "360105")
    assert {"360105", "360122"}.isdisjoint(node.code for node in regions.districts())


def test_names_in_both_languages_down_to_the_districts() -> None:
    assert regions.label("360113", "en") == "Honggutan District"
    assert regions.label("360102002", "en") == "滕王阁街道"
    listed = [regions.region("360100"), *regions.districts(), *regions.zones()]
    assert [node.code for node in listed if not node.label_en.isascii()] == []


def test_every_district_and_zone_lies_in_the_city() -> None:
    for node in (*regions.districts(), *regions.zones()):
        assert regions.ancestors(node.code)[-2:] == ("360100", "360000")


def test_a_code_that_no_table_names_is_placed_by_its_digits() -> None:
    assert regions.find("110105") is None
    assert regions.ancestors("110105") == ("110100", "110000")
    assert regions.contains("440000", "440111")
    assert regions.ancestors("110000") == ()
    assert regions.label("110105") == "110105"
    with pytest.raises(UnknownRegion, match="110105"):
        regions.region("110105")


def test_every_region_of_the_catalogue_has_a_name() -> None:
    assert [code for code in ELSEWHERE if regions.find(code) is None] == []
    assert regions.contains("440700", "440785")


def test_every_province_has_a_name_so_that_conditions_may_speak_of_it() -> None:
    provinces = [node for node in regions.everything() if node.kind is Kind.PROVINCE]
    assert len(provinces) == 34
    assert all(node.code.endswith("0000") and node.label_en.isascii() for node in provinces)
