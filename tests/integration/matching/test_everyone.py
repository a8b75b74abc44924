"""Everybody × everything on delivered files, recomputed by a script that shares no code with the project."""

import csv
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from finmart.cli import main
from finmart.config import Settings
from finmart.credit.service import deliveries
from finmart.matching.service import runs
from finmart.platform.authz.permissions import Permission
from finmart.platform.db.session import Database, session, unit_of_work
from finmart.platform.kernel.actor import Actor, system_actor
from finmart.products import loading
from finmart.products.catalogue import DATA
from tests.factories.invoices import write_delivery
from tests.independent import recompute_matches

AS_OF = date(2020, 2, 21)
ASKED = ["--as-of", AS_OF.isoformat(), "--amount", "1000000", "--term-months", "12", "--region", "360113"]
ASKED += ["--declare", "years_established=3,tax_grade=B"]
FIRMS = 11


@pytest.fixture
def delivered(own_database: Database, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The catalogue published and eleven firms imported; returns the delivery's folder."""
    monkeypatch.setenv("FINMART_DATABASE_URL", own_database.engine.url.render_as_string(hide_password=False))
    folder = write_delivery(tmp_path / "invoices", firms=FIRMS, until=AS_OF)
    with unit_of_work():
        loading.load_catalogue(loading.importer())
    actor = system_actor("test", "a test", frozenset({Permission.ALL_BATCHES_IMPORT}))
    deliveries.import_dataset(actor, "invoices", folder, as_of=AS_OF)
    assert settings.data.exists()
    return folder


def _match(capsys: pytest.CaptureFixture[str], out: Path, asked: Sequence[str] = ASKED) -> dict[str, object]:
    main(["match", "everyone", *asked, "--guarantee", "credit", "--out", str(out), "--json"])
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    return answer


def test_everyone_is_matched_stored_and_recomputed(
    delivered: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "matches.csv"
    answer = _match(capsys, out)
    assert (answer["firms"], answer["products"], answer["runs"]) == (FIRMS, 196, FIRMS)
    assert int(str(answer["separating"])) >= 15
    assert int(str(answer["met_for_some"])) >= 5
    given = ["--invoices", str(delivered), "--catalogue", str(DATA), "--matches", str(out)]
    monkeypatch.setattr("sys.argv", ["recompute_matches", *given, *ASKED])
    assert recompute_matches.main() == 0, capsys.readouterr().out
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (len(told["firms"]), told["different"]) == (10, 0)


def test_both_ends_of_limits_with_missing_facts_are_recomputed(
    delivered: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "matches.csv"
    # Two of the facts of a formula with three terms, and a need that some least amount reaches.
    asked = [*ASKED[:-1], f"{ASKED[-1]},tobacco_orders_quarter=60,tobacco_orders_12m=90"]
    asked[asked.index("--amount") + 1] = "300000"
    _match(capsys, out, asked)
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    open_ended = [row for row in rows if row["limit_at_least_fen"]]
    assert {row["limit_fen"] for row in open_ended} == {""}
    least = {(row["product_code"], row["limit_at_least_fen"]) for row in open_ended if row["limit_at_least_fen"] != "0"}
    assert least >= {("jingan_lvyoudai", "70000000"), ("abc_yanshangdai", "40000000"), ("boc_yanshangdai", "10000000")}
    given = ["--invoices", str(delivered), "--catalogue", str(DATA), "--matches", str(out)]
    monkeypatch.setattr("sys.argv", ["recompute_matches", *given, *asked])
    assert recompute_matches.main() == 0, capsys.readouterr().out
    out.write_text(out.read_text(encoding="utf-8").replace(",40000000,", ",39999999,"), encoding="utf-8")
    assert recompute_matches.main() == 1
    assert "abc_yanshangdai limit_at_least_fen: CSV 39999999, recomputed 40000000" in capsys.readouterr().out


@pytest.mark.usefixtures("delivered")
def test_the_stored_run_opens_in_the_order_of_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "matches.csv"
    _match(capsys, out)
    with out.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["firm"] == "E7"]
    operator = Actor(name="operator", permissions=frozenset({Permission.ALL_RUNS_READ, Permission.ALL_RUNS_REPLAY}))
    with unit_of_work():
        run = runs.read_run(operator, rows[0]["run"])
        assert runs.replay_run(operator, rows[0]["run"]).identical
    assert [row.code for row in run.rows] == [row["product_code"] for row in rows]


@pytest.mark.usefixtures("delivered")
def test_one_access_row_a_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _match(capsys, tmp_path / "matches.csv")
    with unit_of_work(readonly=True):
        query = "SELECT subjects, purpose, detail FROM credit_profile_access"
        rows = session().connection().exec_driver_sql(query).all()
    assert [tuple(row) for row in rows] == [(FIRMS, "match_everyone", "match everyone")]


@pytest.mark.usefixtures("delivered")
def test_coverage_is_counted_by_command_and_kept(capsys: pytest.CaptureFixture[str]) -> None:
    for _time in range(2):
        main(["match", "coverage", "--as-of", AS_OF.isoformat(), "--json"])
    told = capsys.readouterr()
    answer = json.loads(told.out.splitlines()[-1])
    assert (answer["subjects"], answer["products"], answer["demonstration"]) == (FIRMS, 196, False)
    assert answer["rows_read"] > FIRMS
    assert {one["met"] + one["open"] + one["none"] for one in answer["shelves"]} == {FIRMS}
    assert len(answer["by_product"]) == 196
    assert f"{FIRMS} of {FIRMS} subjects" in told.err
    main(["match", "coverage", "--as-of", AS_OF.isoformat()])
    assert f"{FIRMS} subjects × 196 products" in capsys.readouterr().out
    with pytest.raises(SystemExit, match=AS_OF.isoformat()):
        main(["match", "coverage", "--as-of", AS_OF.isoformat(), "--demonstration"])
    with unit_of_work(readonly=True):
        asked = "SELECT subjects, purpose, detail FROM credit_profile_access"
        rows = session().connection().exec_driver_sql(asked).all()
        assert {tuple(row) for row in rows} == {(FIRMS, "match_everyone", "match coverage")}
        kept = session().connection().exec_driver_sql("SELECT as_of, demonstration FROM coverage_result").all()
        assert [(str(as_of), bool(demonstration)) for as_of, demonstration in kept] == [(AS_OF.isoformat(), False)]


@pytest.mark.usefixtures("delivered")
def test_a_second_run_answers_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    _match(capsys, first)
    _match(capsys, second)

    def without_ids(path: Path) -> list[str]:
        return [line.rsplit(",", 1)[0] for line in path.read_text(encoding="utf-8").splitlines()]

    assert without_ids(first) == without_ids(second)


@pytest.mark.usefixtures("delivered")
def test_a_folder_that_is_not_there_is_said_before_anything_is_matched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["match", "everyone", *ASKED, "--out", str(tmp_path / "nowhere" / "matches.csv"), "--json"])
    told = str(left.value) + capsys.readouterr().err
    assert "there is no folder" in told
    with unit_of_work(readonly=True):
        assert session().connection().exec_driver_sql("SELECT count(*) FROM match_batch").scalar_one() == 0


@pytest.mark.usefixtures("delivered")
def test_nobody_as_of_a_day_before_the_data(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["--as-of", "2010-01-01", *ASKED[2:]]
    with pytest.raises(SystemExit) as left:
        main(["match", "everyone", *asked, "--json"])
    assert "2010-01-01" in str(left.value)
    assert capsys.readouterr().out == ""


NEVER = [
    ("--amount", "0", "金额要大于零。"),
    ("--amount", "-5", "金额要大于零。"),
    ("--amount", "NaN", "“NaN”不是一个数"),
    ("--amount", "0.001", "小数位太多"),
    ("--amount", "1e15", "太大"),
    ("--guarantee", "nonsense", "is not one of"),
    ("--purpose", "nonsense", "is not one of"),
    ("--term-months", "0", "not in the range"),
    ("--declare", "employees=1,employees=2", "employees is stated twice"),
]


@pytest.mark.usefixtures("delivered")
def test_a_need_that_cannot_be_is_one_sentence_before_anybody_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    for option, value, said in NEVER:
        with pytest.raises(SystemExit) as left:
            main(["match", "everyone", *ASKED, option, value, "--json"])
        out, err = capsys.readouterr()
        assert out == ""
        assert said in str(left.value) + err
    with unit_of_work(readonly=True):
        query = "SELECT (SELECT count(*) FROM credit_profile_access), (SELECT count(*) FROM match_plan)"
        assert tuple(session().connection().exec_driver_sql(query).one()) == (0, 0)


@pytest.mark.usefixtures("delivered")
def test_a_need_of_a_million_million_yuan_is_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = [*ASKED]
    asked[asked.index("--amount") + 1] = "1000000000000"
    _match(capsys, tmp_path / "matches.csv", asked)
    with (tmp_path / "matches.csv").open(encoding="utf-8", newline="") as stream:
        fits = {row["fit"] for row in csv.DictReader(stream)}
    assert "full" not in fits


@pytest.mark.parametrize("declared", ["tax_grade=Z", "no_such_fact=1", "sales_12m=5", "years_established=minus"])
@pytest.mark.usefixtures("delivered")
def test_a_declared_value_that_cannot_be_is_one_sentence(declared: str) -> None:
    with pytest.raises(SystemExit, match="Error: "):
        main(["match", "everyone", *ASKED[:-1], declared, "--json"])
