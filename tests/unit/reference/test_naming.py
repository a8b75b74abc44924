"""Industries and regions are found by the names that people use."""

import pytest

from finmart.reference.naming import code_called, names_near


@pytest.mark.parametrize(
    ("kind", "name", "code"),
    [
        ("industry", "制造业", "C"),
        ("industry", "餐饮", "62"),
        ("industry", "房地产", "K"),
        ("industry", "猪的饲养", "0313"),
        ("industry", "养猪", None),
        ("industry", "茶叶", None),
        ("industry", "F51", "F51"),
        ("industry", "", None),
        ("region", "南昌", "360100"),
        ("region", "南昌县", "360121"),
        ("region", "红谷滩", "360113"),
        ("region", "江西", "360000"),
        ("region", "360100", "360100"),
        ("region", "没有这个地方", None),
    ],
)
def test_a_name_means_one_code_or_none(kind: str, name: str, code: str | None) -> None:
    assert code_called(kind, name) == code


def test_names_near_are_few_and_the_shortest_come_first() -> None:
    near = names_near("industry", "茶叶")
    assert near[0] == "茶叶种植"
    assert 1 < len(near) <= 5
    assert names_near("industry", "") == ()
