"""The two commands on tables from elsewhere: no database, the same bytes twice, refusals with exit code 2."""

import json
from pathlib import Path

import pytest

from finmart.cli import main
from tests.factories.worlds import TEST_FROM, write_world


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The options of a small table in which there is something to learn."""
    made = write_world(tmp_path_factory.mktemp("world"), "features", firms=400, products=16)
    named = {"--interactions": made.interactions, "--firms": made.firms, "--products": made.products}
    paths = [part for name, path in named.items() for part in (name, str(path))]
    return [*paths, "--test-from", TEST_FROM.isoformat(), "--rising", "revenue"]


def test_a_draft_is_the_same_bytes_twice_and_names_its_figures(
    given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = [tmp_path / "one.json", tmp_path / "two.json"]
    for out in written:
        main(["match", "train", *given, "--out", str(out), "--json"])
    assert written[0].read_bytes() == written[1].read_bytes()
    draft = json.loads(written[0].read_text(encoding="utf-8"))
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == draft
    assert draft["state"] == "draft"
    assert draft["likelihood"]["directions"] == {"revenue": "may only raise"}


def test_people_read_every_part(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    main(["match", "evaluate", *given])
    told = capsys.readouterr().out
    for part in ("popularity_by_region_and_industry", "by region:", "    R3 ", "calibration error", "likelihood by"):
        assert part in told


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--test-from", "2030-01-01"], "测试部分是空的；最后一笔在"),
        (["--test-from", "soon"], "does not match the formats"),
        (["--column", "firm=nobody"], "没有列“nobody”"),
        (["--column", "firma=x"], "firm|product|date|outcome=NAME"),
        (["--column", "firm=firm", "--column", "firm=product"], "each once"),
        (["--column", "firm=product"], "的列“product”被用了两次"),
        (["--obtained", "approved", "--declined", " Approved"], "“approved”不能既算成功又算拒绝"),
        (["--falling", "region"], "“region”不能用：没有这一列、不是数字列"),
        (["--out", "/nowhere/at/all.json"], "there is no folder"),
        (["--firms", "/nowhere/firms.csv"], "does not exist"),
    ],
)
def test_what_cannot_be_used_leaves_with_two(
    given: list[str], more: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["match", "train", *given, *more])
    out, err = capsys.readouterr()
    assert (left.value.code, out) == (2, "")
    assert said in err


@pytest.mark.parametrize(
    ("command", "idle"),
    [("evaluate", ["--places", "here.csv"]), ("train", ["--out", "here.json"]), ("evaluate", ["--rising", "revenue"])],
)
def test_an_option_of_files_alone_is_refused_without_them(
    command: str, idle: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["match", command, *idle])
    assert left.value.code == 2
    assert f"{idle[0]}: only of use with" in " ".join(capsys.readouterr().err.split())
