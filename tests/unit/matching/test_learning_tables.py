"""Tables from elsewhere: what is read, what is refused with one sentence, and that the ranking holds its promise."""

from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import pytest

from finmart.matching.learning import baselines
from finmart.matching.learning.reading import Files, read_table
from finmart.matching.learning.trial import MODEL, Trial, run_trial
from finmart.matching.learning.types import Level, TableRefused, TooLittle
from tests.factories.worlds import TEST_FROM, write_world

GOOD = "firm,product,date,outcome\nA,P,2026-01-02,approved\nA,Q,2026/2/3,拒绝\nB,P,20260304,applied\n"


def files(
    folder: Path, interactions: str = GOOD, firms: str = "firm,region\nA,x\nB,y\n", **words: tuple[str, ...]
) -> Files:
    texts = {"interactions": interactions, "firms": firms, "products": "product,kind\nP,loan\nQ,lease\n"}
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    one, two, three = (folder / f"{name}.csv" for name in texts)
    return Files(one, two, three, words.get("obtained", ()), words.get("declined", ()))


def test_days_and_outcomes_of_many_spellings_are_read(tmp_path: Path) -> None:
    table = read_table(files(tmp_path))
    assert table.firms.keys == ("A", "B")
    assert [date.fromordinal(int(day)).isoformat() for day in table.events.day] == [
        "2026-01-02",
        "2026-02-03",
        "2026-03-04",
    ]
    assert list(table.events.level) == [Level.OBTAINED, Level.DECLINED, Level.TOUCHED]


def test_who_only_the_interactions_name_is_taken_along(tmp_path: Path) -> None:
    table = read_table(files(tmp_path, GOOD + "C,R,2026-05-01,1\n"))
    assert (table.firms.keys[-1], table.products.keys[-1]) == ("C", "R")
    assert table.firms.columns[0].values == ("x", "y", "")


def test_the_same_row_twice_counts_once_and_is_said(tmp_path: Path) -> None:
    table = read_table(files(tmp_path, GOOD + "A,P,2026-01-02,approved\n"))
    assert len(table.events) == 3
    assert table.notes == ("interactions.csv: 1 repeated rows were counted once",)


@pytest.mark.parametrize(
    ("interactions", "said"),
    [
        ("firm,product,date\nA,P,2026-01-02\n", "interactions.csv缺少列“outcome”"),
        ("firm,product,date,outcome\nA,P,soon,approved\n", "第2行的日期“soon”看不懂"),
        ("firm,product,date,outcome\nA,P,2026-02-30,approved\n", "第2行的日期“2026-02-30”看不懂"),
        ("firm,product,date,outcome\nA,P,2026-01-02,perhaps\n", "第2行的结果“perhaps”不认识"),
        ("firm,product,date,outcome\n\nA,P,,approved\n", "第3行没有写日期，请补上"),
        ("firm,product,date,outcome\nA,P,202411,approved\n", "第2行的日期“202411”看不懂"),
        ("id,product,date,outcome\nA,P,2026-01-02,1\n", "缺少列“firm”.*用--column firm=列名指明"),
        ("firm,product,date,outcome\nA,P,2026-01-02\n", "第2行有3格，列名有4个；请补齐"),
        ("firm,product,date,outcome\n,P,2026-01-02,1\n", "第2行没有写企业或产品"),
        ("", "interactions.csv是空的"),
    ],
)
def test_what_cannot_be_used_is_refused_with_one_sentence(tmp_path: Path, interactions: str, said: str) -> None:
    with pytest.raises(TableRefused, match=said):
        read_table(files(tmp_path, interactions))


CHINESE = "结果;审批日期;备注;企业编号;产品编号\n通过;2026年1月2日;甲;A;P\n拒绝;2026/2/3 9:30;;A;Q\n;1772600000;;B;P\n"


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_the_same_table_in_any_coding_order_and_separator(
    tmp_path: Path, coding: str, ends: str, separator: str
) -> None:
    given = files(tmp_path)
    given.interactions.write_bytes(CHINESE.replace(";", separator).replace("\n", ends).encode(coding))
    plain, read = read_table(files(tmp_path / "plain", GOOD)), read_table(given)
    for one, other in zip(asdict(plain.events).values(), asdict(read.events).values(), strict=True):
        assert list(one) == list(other)
    assert read.notes == ("interactions.csv: 1 rows without an outcome count as shown, neither success nor refusal",)


def test_columns_of_any_name_can_be_named(tmp_path: Path) -> None:
    text = "who,what,when,end,id\nA,P,2026-01-02,1,7\n"
    own = {"firm": "who", "product": "What", "date": "when", "outcome": "end"}
    assert len(read_table(replace(files(tmp_path, text), columns=own)).events) == 1
    with pytest.raises(TableRefused, match="没有列“whom”，它的列是who、what、when、end、id；请改正--column"):
        read_table(replace(files(tmp_path, text), columns={**own, "firm": "whom"}))


def test_success_and_refusal_on_one_day_both_count_and_are_said(tmp_path: Path) -> None:
    table = read_table(files(tmp_path, GOOD + "A,P,2026-01-02,declined\n"))
    assert len(table.events) == 4
    assert table.notes == ("interactions.csv: 1 pairs have a success and a refusal on the same day; both count",)


def test_what_is_no_csv_is_refused(tmp_path: Path) -> None:
    given = files(tmp_path)
    given.firms.write_bytes("firm,region\nA,x\n".encode("utf-16"))
    with pytest.raises(TableRefused, match="另存为CSV"):
        read_table(given)


def test_a_firm_described_twice_in_different_ways_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableRefused, match="第3行的A前面已经出现过"):
        read_table(files(tmp_path, firms="firm,region\nA,x\nA,y\n"))


def test_words_of_ones_own_for_an_outcome(tmp_path: Path) -> None:
    text = "firm,product,date,outcome\nA,P,2026-01-02,Gewährt\nA,Q,2026-01-02,approved\n"
    table = read_table(files(tmp_path, text, obtained=("gewährt",), declined=("approved",)))
    assert sorted(table.events.level) == [Level.DECLINED, Level.OBTAINED]


@pytest.mark.parametrize(
    ("day", "said"), [(date(2027, 1, 1), "测试部分是空的；最后一笔在2026-01-02"), (date(2026, 1, 1), "训练部分是空的")]
)
def test_an_empty_part_is_refused(tmp_path: Path, day: date, said: str) -> None:
    with pytest.raises(TableRefused, match=said):
        run_trial(read_table(files(tmp_path)), day, lambda _text: None)


def test_too_little_to_learn_from_names_the_number(tmp_path: Path) -> None:
    table = read_table(files(tmp_path, GOOD + "B,Q,2026-06-01,approved\n"))
    with pytest.raises(TooLittle, match="至少要有100笔"):
        run_trial(table, date(2026, 5, 1), lambda _text: None)


def test_one_product_cannot_be_ranked(tmp_path: Path) -> None:
    given = files(tmp_path, "firm,product,date,outcome\nA,P,2026-01-02,1\nA,P,2026-06-02,1\n")
    given.products.write_text("product\nP\n", encoding="utf-8")
    with pytest.raises(TableRefused, match="至少要有两个产品"):
        run_trial(read_table(given), date(2026, 5, 1), lambda _text: None)


def trial_of(folder: Path, kind: str) -> Trial:
    world = write_world(folder, kind, firms=400, products=16)
    return run_trial(read_table(Files(world.interactions, world.firms, world.products)), TEST_FROM, lambda _text: None)


@pytest.mark.parametrize("kind", ["features", "taste", "popularity"])
def test_no_baseline_ranks_better(tmp_path: Path, kind: str) -> None:
    answer = trial_of(tmp_path, kind).answer
    figures = {name: one["ndcg@10"] for name, one in answer["ranking"].items()}
    assert set(figures) == {MODEL, baselines.POPULARITY, baselines.BY_REGION, baselines.SVD, baselines.NMF}
    # Where nothing but popularity is at work, a baseline may be what was chosen: then they are equal.
    assert figures[MODEL] >= max(figures.values())
    assert answer["already_had"] == ("may_come_again" if kind == "popularity" else "left_out")
    assert answer["likelihood"]["trained"]


def test_without_scikit_learn_the_rest_still_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(baselines, "find_spec", lambda _name: None)
    found = trial_of(tmp_path, "taste")
    assert set(found.answer["ranking"]) == {MODEL, baselines.POPULARITY, baselines.BY_REGION}
    assert "scikit-learn is not installed" in found.answer["notes"][-1]
    again = trial_of(tmp_path, "taste")
    assert again.answer == found.answer
