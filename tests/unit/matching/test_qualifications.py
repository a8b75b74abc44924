"""The question for qualifications: nobody is asked first for what its kind cannot hold, and nothing is left out."""

import pytest
from flask import Flask

from finmart.matching.forms.answers import answers_form, field_name
from finmart.matching.forms.qualifications import QualificationsField, likely_codes
from finmart.matching.service.asking import Asker, codes_in
from finmart.products.labels import SUBJECT_KINDS
from finmart.reference.facts import fact
from finmart.reference.qualifications import GROUPS, may_hold, placed

CODES = tuple(choice.code for choice in fact("qualifications").choices)
NAMED = {"high_tech": 12, "tech_sme": 13, "cooperative": 15, "family_farm": 3, "large_grower": 1, "exporter": 1}


def test_every_qualification_of_the_dictionary_has_a_topic_and_kinds() -> None:
    assert set(placed()) == set(CODES)
    for one in placed().values():
        assert one.group in GROUPS
        assert one.kinds
        assert one.kinds <= set(SUBJECT_KINDS)
    for kind in SUBJECT_KINDS:
        assert any(may_hold(code, kind) for code in CODES)
    assert may_hold("little_giant", "")
    assert not may_hold("little_giant", "farmer")


@pytest.mark.parametrize(
    ("kind", "likely"),
    [
        ("enterprise", (("tech", ("tech_sme", "high_tech")), ("farm", ("family_farm",)), ("trade", ("exporter",)))),
        ("farmer", (("farm", ("family_farm", "large_grower")),)),
        ("cooperative", (("farm", ("cooperative",)), ("trade", ("exporter",)))),
    ],
)
def test_what_a_kind_can_hold_and_products_name_comes_first(kind: str, likely: tuple[object, ...]) -> None:
    assert likely_codes(CODES, Asker(kind, NAMED)) == likely


def test_without_products_all_that_the_kind_can_hold_is_likely() -> None:
    found = {code for _group, codes in likely_codes(CODES, Asker("farmer", {})) for code in codes}
    assert found == {code for code in CODES if may_hold(code, "farmer")}


def test_every_box_is_somewhere_once(app: Flask) -> None:
    with app.test_request_context(method="POST", data={field_name("qualifications"): ["high_tech"]}):
        field = answers_form(["qualifications"], Asker("farmer", NAMED))[field_name("qualifications")]
        assert isinstance(field, QualificationsField)
        shown = [str(box.data) for _topic, boxes in field.likely for box in boxes]  # type: ignore[attr-defined]
        folded = [str(box.data) for box in field.others]  # type: ignore[attr-defined]
        assert sorted([*shown, *folded]) == sorted(CODES)
        assert shown == ["family_farm", "large_grower"]
        # What is ticked is never folded away unseen.
        assert field.others_chosen
        assert field.data == ["high_tech"]


def test_codes_are_found_wherever_a_condition_names_them() -> None:
    has = {"has_any": [{"fact": "qualifications"}, ["high_tech", "tech_sme"]]}
    other = {"in": [{"fact": "tax_grade"}, ["A"]]}
    assert list(codes_in({"any": [other, {"not": has}]})) == ["high_tech", "tech_sme"]
    assert list(codes_in(other)) == []
