"""The editor of conditions: built part by part, said as a sentence, saved into a draft for a colleague to approve."""

import json
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from finmart.conditions.json_form import dump_condition, parse_condition
from finmart.conditions.shapes import Json
from finmart.conditions.tree import group_of, walked
from finmart.config import Settings
from finmart.platform.db.session import Database, unit_of_work
from finmart.products import service
from finmart.products.forms.builder import begun
from tests.fixtures.databases import rolled_back
from tests.fixtures.people import enter, new_person
from tests.fixtures.stock import Stock

CODE = "jjb_liuzi"
LIST = f"/institution/products/{CODE}/conditions"
NEW = f"{LIST}/new"


@pytest.fixture
def database(stock: Stock, settings: Settings) -> Iterator[Database]:
    """The published catalogue and its index."""
    stock.copy_index(settings.data)
    with rolled_back(stock.engine) as current:
        yield current


@pytest.fixture
def clerk(app: Flask) -> FlaskClient:
    """A clerk of Jiujiang Bank, signed in."""
    with unit_of_work(readonly=True):
        organisation_id = service.institution("jjb").organisation_id
    client = app.test_client()
    enter(client, new_person("institution_clerk", organisation_id=organisation_id).token)
    return client


class Screen:
    """The builder as somebody sees it: what stands in its form, and a press of one of its buttons."""

    def __init__(self, client: FlaskClient, address: str = NEW) -> None:
        self.client, self.address = client, address
        self.html = client.get(address).get_data(as_text=True)
        self.status = 200

    def press(self, do: str, **typed: str | list[str]) -> "Screen":
        """Press a button after typing; fields that were not touched are sent as they stand."""
        data = {**self.held(), **typed, "do": do}
        answer = self.client.post(self.address, data=data)
        self.status, self.html = answer.status_code, answer.get_data(as_text=True)
        return self

    def held(self) -> dict[str, str | list[str]]:
        form = self.html.split('id="condition"', 1)[1]
        found: dict[str, str | list[str]] = {}
        for tag in re.findall(r"<input\b[^>]*>", form):
            attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
            if attributes.get("type") in ("checkbox", "radio") and " checked" not in tag:
                continue
            if "name" in attributes:
                value = attributes.get("value", "").replace("&#34;", '"').replace("&amp;", "&")
                found[attributes["name"]] = value
        for name, body in re.findall(r'<select\b[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
            chosen = re.search(r'value="([^"]*)" selected', body)
            first = re.search(r'value="([^"]*)"', body)
            found[name] = chosen[1] if chosen else first[1] if first else ""
        return found

    @property
    def said(self) -> str:
        """The live sentence."""
        return re.search(r'builder__said">(.*?)</p>', self.html, re.DOTALL)[1].strip()  # type: ignore[index]

    @property
    def tree(self) -> Json:
        """What has been built."""
        return dict(json.loads(str(self.held()["tree"])))


def test_a_fact_is_found_by_word_by_sound_and_by_initials(clerk: FlaskClient) -> None:
    for query in ("纳税信用", "nashuixinyong", "nsxyjb"):
        assert "纳税信用级别" in Screen(clerk).press("search:", q=query).html, query
    assert "没有找到" in Screen(clerk).press("search:", q="没有这种东西").html


def test_a_condition_is_built_and_said_and_saved_as_a_draft(clerk: FlaskClient, app: Flask) -> None:
    screen = Screen(clerk).press("fact:sales_12m").press("done:", operator="ge", value="300")
    assert screen.status == 200, screen.html
    assert screen.said == "近12个月开票销售额 ≥ 300万元" or "300万元" in screen.said
    screen.press("add:").press("fact:overdue_now").press("done:", value="no")
    assert screen.tree == {
        "all": [
            {"ge": [{"fact": "sales_12m"}, {"value": 300_000_000, "unit": "money"}]},
            {"is": [{"fact": "overdue_now"}, False]},
        ]
    }
    sentence = screen.said
    assert screen.press("save", note="以开票数据核对").status == 302
    html = clerk.get(LIST).get_data(as_text=True)
    assert sentence in html
    assert "以开票数据核对" in html
    # Nobody outside sees it before somebody else has approved it.
    assert sentence not in app.test_client().get(f"/products/{CODE}").get_data(as_text=True)


def test_industries_and_places_are_typed_by_name(clerk: FlaskClient) -> None:
    screen = Screen(clerk).press("fact:industry").press("done:", operator="industry_in", codes="餐饮、F51 制造业")
    assert screen.tree == {"industry_in": [{"fact": "industry"}, ["62", "F51", "C"]]}
    assert screen.said == "所属行业属于餐饮业、批发业或制造业"
    # A name may hold the very sign that stands between names; what stood already keeps its place.
    screen.press("open:").press("done:", operator="industry_in", codes="酒、饮料及茶叶批发、F51、C")
    assert screen.tree == {"industry_in": [{"fact": "industry"}, ["F51", "C", "5127"]]}
    screen.press("add:").press("fact:registered_region").press("done:", operator="region_in", codes="南昌 红谷滩区")
    assert screen.tree["all"][1] == {"region_in": [{"fact": "registered_region"}, ["360100", "360113"]]}


def test_a_name_of_several_or_of_nothing_is_asked_back(clerk: FlaskClient) -> None:
    screen = Screen(clerk).press("fact:industry")
    for word, answer in (("茶叶", "“茶叶”不止一个，请写全名，例如：茶叶种植"), ("养龙", "没有找到“养龙”")):
        screen.press("done:", operator="industry_in", codes=word)
        assert screen.status == 422
        assert answer in screen.html
        assert f'value="{word}"' in screen.html


def landed(screen: Screen) -> str:
    """The one element at which a keyboard goes on."""
    found = re.findall(r"<(?:button|input|div)\b[^>]*\b(?:autofocus|data-focus)\b[^>]*>", screen.html)
    assert len(found) == 1, found
    return str(found[0])


def test_whoever_presses_a_button_goes_on_where_it_led(clerk: FlaskClient) -> None:
    screen = Screen(clerk)
    assert "autofocus" not in screen.html
    assert 'class="leaf"' in landed(screen.press("fact:sales_12m"))
    assert "builder__fault" in landed(screen.press("done:", value="很多"))
    assert 'value="open:"' in landed(screen.press("done:", operator="ge", value="300"))
    assert 'id="fact-query"' in landed(screen.press("add:"))
    assert 'class="leaf"' in landed(screen.press("fact:overdue_now"))
    assert 'value="open:1"' in landed(screen.press("done:", value="no"))
    assert 'value="group:"' in landed(screen.press("group:", **{"group-": "any"}))
    assert 'value="group:"' in landed(screen.press("remove:0"))


def test_each_side_of_an_exception_says_what_it_is(clerk: FlaskClient) -> None:
    screen = Screen(clerk).press("fact:overdue_now").press("done:", value="no")
    screen.press("add:").press("fact:tax_grade").press("done:", operator="in", codes=["A"])
    screen.press("group:", **{"group-": "unless"})
    assert re.findall(r'part__place">(.*?)</p>', screen.html) == ["满足这一项就可以", "否则须满足"]


def test_groups_change_their_kind_and_keep_their_parts(clerk: FlaskClient) -> None:
    screen = Screen(clerk).press("fact:overdue_now").press("done:", value="no")
    screen.press("add:").press("fact:sales_12m").press("done:", value="100")
    screen.press("add:").press("fact:tax_grade").press("done:", operator="in", codes=["A", "B"])
    for kind in ("any", "at_least", "not", "unless", "all"):
        screen.press("group:", **{"group-": kind, "count-": "2"})
        assert screen.status == 200
        leaves = [part for _path, part in walked(screen.tree) if part and not group_of(part)]
        assert len(leaves) == 3, kind
        assert screen.said, kind


def test_a_window_over_months_is_built(clerk: FlaskClient) -> None:
    screen = Screen(clerk).press("fact:sales_monthly")
    screen.press("done:", months="12", of="growth", operator="ge", value="-40")
    assert screen.tree == {
        "ge": [
            {"window": {"series": "sales_monthly", "months": 12, "of": "growth"}},
            {"value": -400_000, "unit": "ratio"},
        ]
    }


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [({"value": ""}, "请填写数字"), ({"value": "很多"}, "请填写数字"), ({"value": "1e99"}, "")],
)
def test_what_cannot_be_used_is_said_and_nothing_typed_is_lost(
    clerk: FlaskClient, typed: dict[str, str], sentence: str
) -> None:
    screen = Screen(clerk).press("fact:controller.age").press("done:", operator="ge", **typed)
    assert screen.status == 422
    assert sentence in screen.html
    assert f'value="{typed["value"]}"' in screen.html


def test_an_unfinished_condition_is_not_saved(clerk: FlaskClient) -> None:
    assert Screen(clerk).press("save").status == 422
    screen = Screen(clerk).press("nest:").press("save")
    assert screen.status in (400, 422)
    assert "还没有填完整" in screen.html


@pytest.mark.parametrize(
    "sent",
    ["", "[", "[]", "1", '{"all": 5}', '{"all": []}', '{"at_least": ["x", []]}', '{"not": [1]}', "x" * 200_000,
     '{"not":' * 1000 + "{}" + "}" * 1000, '{"all": [' + ",".join(["{}"] * 300) + "]}"],
)  # fmt: skip
def test_a_tree_that_is_none_is_refused_with_one_sentence(clerk: FlaskClient, sent: str) -> None:
    answer = clerk.post(NEW, data={"tree": sent, "do": "add:"})
    assert answer.status_code == 422
    assert "Traceback" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "do", ["open:7.7", "remove:9", "group:x", "fact:no_such_fact", "nest:0.0.0.0", "add:-1", "open:"]
)
def test_a_button_for_a_part_that_is_gone_is_answered(clerk: FlaskClient, do: str) -> None:
    assert Screen(clerk).press(do).status in (200, 422)


def test_a_comparison_of_reckoned_values_is_built_by_choosing_and_typing(clerk: FlaskClient) -> None:
    screen = Screen(clerk).press("compare:").press("piece:divide").press("piece:fact")
    assert "还没有填完整" in screen.said
    screen.press("search:", q="贷款余额").press("fact:loans_outstanding").press("done:")
    screen.press("open:0.1").press("piece:fact").press("fact:annual_revenue").press("done:")
    screen.press("open:1").press("piece:case").press("fact:institution_relation.premium_customer")
    screen.press("done:", value="yes").press("open:1.1").press("piece:number")
    screen.press("done:", value="90", unit="ratio").press("else:1").press("piece:number")
    screen.press("done:", value="50", unit="ratio").press("group:", **{"group-": "le"})
    premium = {"is": [{"fact": "institution_relation.premium_customer"}, True]}
    assert screen.tree == {
        "le": [
            {"divide": [{"fact": "loans_outstanding"}, {"fact": "annual_revenue"}]},
            {"case": [[premium, {"value": 900_000, "unit": "ratio"}]], "else": {"value": 500_000, "unit": "ratio"}},
        ]
    }
    assert "其他情况为50%" in screen.said
    assert screen.press("save").status == 302


def test_a_comparison_of_units_that_do_not_fit_says_so_at_once(clerk: FlaskClient) -> None:
    screen = Screen(clerk).press("fact:sales_12m").press("compare:").press("piece:number")
    screen.press("done:", value="3", unit="months")
    assert "单位不同" in screen.said
    assert screen.press("save").status == 400


def test_a_limit_is_built_from_a_simple_number_onwards(clerk: FlaskClient) -> None:
    address = f"/institution/products/{CODE}/limits/standard"
    screen = Screen(clerk, address).press("piece:min").press("piece:number").press("done:", value="500", unit="money")
    screen.press("open:1").press("piece:share").press("done:", value="30", unit="ratio")
    screen.press("open:1.1").press("piece:fact").press("fact:sales_12m").press("done:")
    share = {"times": [{"value": 300_000, "unit": "ratio"}, {"fact": "sales_12m"}]}
    assert screen.tree == {"min": [{"value": 500_000_000, "unit": "money"}, share]}
    assert "500万元" in screen.said
    said, built = screen.said, screen.tree
    assert screen.press("save").status == 302
    assert said in clerk.get(LIST).get_data(as_text=True)
    # It goes on from what was saved: one more operand, and what is no money is refused.
    again = Screen(clerk, address)
    assert again.tree == built
    again.press("open:1.0").press("done:", value="25", unit="ratio").press("wrap:", **{"wrap-": "divide"})
    again.press("piece:fact").press("fact:annual_revenue").press("done:")
    assert "应当是金额" in again.press("save").html
    assert Screen(clerk, address).press("clear").status == 302
    assert said not in clerk.get(LIST).get_data(as_text=True)


@pytest.mark.usefixtures("database")
def test_one_deep_number_changes_alone_on_the_page(clerk: FlaskClient) -> None:
    number = {"value": 780, "unit": "months"}
    age = {"plus": [{"to": ["months", {"fact": "controller.age"}]}, {"fact": "demand.term_months"}]}
    deep = {"all": [{"is": [{"fact": "overdue_now"}, False]}, {"le": [age, number]}]}
    screen = Screen(clerk)
    answer = clerk.post(NEW, data={"tree": json.dumps(deep), "do": "open:1.1"})
    screen.html = answer.get_data(as_text=True)
    assert screen.held()["value"] == "780"
    assert screen.press("done:", value="720").tree == {"all": [deep["all"][0], {"le": [age, {**number, "value": 720}]}]}


@pytest.mark.usefixtures("database")
def test_every_encoded_condition_opens_and_is_kept_as_it_is() -> None:
    with unit_of_work(readonly=True):
        products = service.published_catalogue().products
    seen = 0
    for product in products:
        for clause in (each for variant in product.variants for each in variant.clauses):
            builder = begun(clause.condition)
            assert json.loads(builder.document) == clause.condition
            assert dump_condition(parse_condition(builder.tree)) == clause.condition
            assert builder.whole
            seen += 1
    assert seen > 300


def test_a_condition_is_changed_and_taken_away(clerk: FlaskClient) -> None:
    with unit_of_work(readonly=True):
        products = {one.code: one for one in service.products_of("jjb")}
    code, key = next(
        (code, clause.key)
        for code, one in products.items()
        for clause in one.variants[0].clauses
        if clause.origin.startswith("clause:")
    )
    address = f"/institution/products/{code}/conditions"
    screen = Screen(clerk, f"{address}/{key}")
    assert screen.press("save", required="no").status == 302
    assert "优先" in clerk.get(address).get_data(as_text=True)
    fingerprint = re.search(r'name="fingerprint" value="(\w+)"', clerk.get(address).get_data(as_text=True))
    assert fingerprint is not None
    assert clerk.post(f"{address}/{key}/remove", data={"fingerprint": "old"}).status_code == 409
    assert clerk.post(f"{address}/{key}/remove", data={"fingerprint": fingerprint[1]}).status_code == 302
    assert clerk.get(f"{address}/{key}").status_code == 404
