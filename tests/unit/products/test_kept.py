"""What is kept between requests: by its key, and never more than was said."""

from finmart.products.routes.kept import Kept
from finmart.products.service import Criteria


def test_the_least_used_is_forgotten_first() -> None:
    kept: Kept[str] = Kept(most=2)
    kept.put("a", "A")
    kept.put("b", "B")
    assert kept.get("a") == "A"
    kept.put("c", "C")
    assert [kept.get(key) for key in "abc"] == ["A", None, "C"]
    kept.clear()
    assert kept.get("a") is None


def test_every_part_of_a_question_tells_it_from_others() -> None:
    asked = [
        Criteria(),
        Criteria("税贷"),
        Criteria(where={"subject": frozenset({"farmer"})}),
        Criteria(where={"subject": frozenset({"farmer", "person"})}),
        Criteria(sort="decision_days"),
        Criteria(page=2),
    ]
    assert len({each.key for each in asked}) == len(asked)
    one, other = {"a": frozenset("x"), "b": frozenset("y")}, {"b": frozenset("y"), "a": frozenset("x")}
    assert Criteria(where=one).key == Criteria(where=other).key
