"""Figures as a file: what institutions call themselves stays words."""

from finmart.matching.insights.service.exporting import Table, as_csv


def test_a_name_never_begins_a_formula() -> None:
    said = as_csv([Table("demands", {}, (("=HYPERLINK(1)", "@SUM(A1)", "南昌市", 3, -2.5),))]).decode("utf-8-sig")
    assert said.splitlines()[1] == "'=HYPERLINK(1),'@SUM(A1),南昌市,3,-2.5"
