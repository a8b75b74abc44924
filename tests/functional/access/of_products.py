"""Access of the endpoints of ``finmart.products``."""

import json
import re
from collections.abc import Callable
from io import BytesIO

from finmart.platform.accounts.models.organisations import Membership, Organisation
from finmart.platform.accounts.models.users import User
from finmart.platform.accounts.service.actors import actor_of
from finmart.platform.db.session import session, unit_of_work
from finmart.platform.kernel.actor import VISITOR, Actor
from finmart.platform.kernel.clock import today
from finmart.products.drafts.service import listing
from finmart.products.drafts.service.conditions import put_condition
from finmart.products.reports.service.reporting import report_product
from tests.factories import accounts as made
from tests.factories import products
from tests.fixtures.people import Person
from tests.functional.access.rows import PUBLIC, Call, Row, Value, first, row

OWN_PRODUCT = first("SELECT code FROM product WHERE organisation_id = :organisation ORDER BY code LIMIT 1")
NEW_PRODUCT: dict[str, Value] = {
    "name_zh": "新产品",
    "product_type": "credit_loan",
    "rate_kind": "interest",
    "fees-0-per": "year",
    "fees-1-per": "year",
}
REASON: dict[str, Value] = {"reason": "监管要求核对条款"}
REPORT: dict[str, Value] = {"kind": "rate", "note": "网点说的利率更高"}
ANSWER: dict[str, Value] = {"answer": "已核实并提交新版本", "step": "answer"}
#: Of an institution without a desk here, so that its reports fall to the operator.
UNCONNECTED = "cmb_zhaoqidai"
POLICY: dict[str, Value] = {
    "seen": "1",
    "title_zh": "关于实施中小微企业贷款贴息政策的通知",
    "valid_from": "2026-01-01",
    "valid_to": "2027-12-31",
    "reason": "主管部门发文延长一年",
}
NEW_POLICY: dict[str, Value] = {
    **POLICY,
    "code": "NC-2027-01",
    "title_zh": "新政策",
    "level": "municipal",
    "kind": "firms",
    "rule_zh": "按原文",
}
CSV = b"name_zh,product_type\r\n\xe6\x96\xb0\xe4\xba\xa7\xe5\x93\x81,credit_loan\r\n"


def _actor(person: Person | None) -> Actor:
    assert person is not None
    user, membership = session().get_one(User, person.user_id), session().get_one(Membership, person.membership_id)
    return actor_of(user, membership, session().get_one(Organisation, person.organisation_id), None)


def _colleague(person: Person | None) -> Actor:
    assert person is not None
    return made.member("institution_clerk", organisation_id=person.organisation_id)


def _in(state: str) -> Callable[[Person | None], str]:
    """The code of a new product of the caller's institution whose only version is in ``state``."""

    def make(person: Person | None) -> str:
        with unit_of_work():
            maker = _colleague(person)
            code = products.draft(maker) if state == "draft" else products.submitted(maker)
            if state in ("published", "suspended"):
                products.approve(_actor(person), code)
            if state == "suspended":
                listing.suspend(_actor(person), code, reason="监管要求核对条款", begins=today(), ends=None)
            return code

    return make


def _of_one_person_bank(_person: Person | None) -> str:
    with unit_of_work():
        return products.submitted(made.member("institution_admin"))


#: What names the contents of the newest version, which a call before has made.
FINGERPRINT = first("SELECT fingerprint FROM product_version ORDER BY id DESC LIMIT 1")


FORMULA = '{"times": [{"value": 300000, "unit": "ratio"}, {"fact": "sales_12m"}]}'
OVERDUE = '{"is": [{"fact": "overdue_now"}, false]}'


def _with_condition(person: Person | None) -> str:
    """The code of a new draft of the caller's institution that has a condition of its own."""
    with unit_of_work():
        maker = _colleague(person)
        code = products.draft(maker)
        seen = products.fingerprint(maker, code)
        put_condition(maker, code, json.loads(OVERDUE), key="", required=True, note_zh="", fingerprint=seen)
        return code


#: The only condition of the newest version that no field of the form states.
CONDITION = """
    SELECT document FROM product_version ORDER BY id DESC LIMIT 1
"""


def _condition_key(person: Person | None) -> str:
    document = first(CONDITION)(person)
    found = re.search(r"editor:[0-9a-z]{12}", document)
    assert found
    return found[0]


def _reported(code: str) -> Callable[[Person | None], str]:
    def make(_person: Person | None) -> str:
        with unit_of_work():
            return report_product(VISITOR, code, kind="rate", note="")

    return make


def _own_reported(person: Person | None) -> str:
    return _reported(OWN_PRODUCT(person))(person)


ROWS: dict[str, Row] = {
    "products.shelf": row(
        PUBLIC,
        Call(query={"q": "税贷"}),
        Call(role="applicant_owner", query={"place": "360100", "sort": "lowest_interest"}),
        Call(role="official"),
        Call(role="operator"),
    ),
    "products.suggest": row(PUBLIC, Call(query={"q": "ysd"}, htmx=True)),
    "products.show": row(PUBLIC, Call(values={"code": "ccb_yunshuidai"}), shared="a page for everybody"),
    "products.cost": row(
        PUBLIC,
        Call(values={"code": "ccb_yunshuidai"}, query={"amount": "50", "term": "12", "method": "revolving"}, htmx=True),
        shared="a page for everybody",
    ),
    "products.compare": row(
        PUBLIC,
        Call(query={"code": "ccb_yunshuidai", "amount": "50", "term": "12", "method": "bullet"}),
    ),
    "products.institutions": row(PUBLIC, Call()),
    "products.institution": row(PUBLIC, Call(values={"code": "jjb"}), shared="a page for everybody"),
    "products.own": row("own:products:read", Call(role="institution_admin"), Call(role="institution_clerk")),
    "products.confirm_many": row(
        "own:products:confirm", Call(role="institution_admin", method="POST", form={"code": OWN_PRODUCT})
    ),
    "products.unconfirmed": row("all:products:approve", Call(role="operator")),
    "products.confirm_unconfirmed": row(
        "all:products:approve",
        Call(role="operator", method="POST", values={"code": "cmb"}, form={"profile": "1"}),
        Call(role="operator", method="POST", values={"code": "cmb"}, form={"step": "all"}),
    ),
    "products.confirm_profile": row("own:products:confirm", Call(role="institution_admin", method="POST")),
    "products.set_profile_validity": row(
        "own:products:confirm",
        Call(role="institution_admin", method="POST", form={"valid_until": "2099-12-31"}),
        Call(role="institution_admin", method="POST", form={"valid_until": ""}),
    ),
    "products.set_validity": row(
        "own:products:approve",
        Call(
            role="institution_admin",
            method="POST",
            values={"code": OWN_PRODUCT},
            form={"valid_until": lambda _person: today().isoformat()},
        ),
    ),
    "products.confirm": row(
        "own:products:confirm", Call(role="institution_admin", method="POST", values={"code": OWN_PRODUCT})
    ),
    "products.own_figures": row(
        "own:products:confirm",
        Call(role="institution_admin"),
        Call(
            role="institution_admin",
            method="POST",
            form={"as_of": "2026-06-30", "figure_net_assets_wan": "50000", "figure_balance_wan": "120000"},
        ),
    ),
    "products.own_product": row(
        "own:products:read",
        Call(role="institution_admin", values={"code": OWN_PRODUCT}),
        Call(role="institution_clerk", values={"code": _in("draft")}),
    ),
    "products.own_version": row(
        "own:products:read",
        Call(role="institution_clerk", values={"code": OWN_PRODUCT, "number": "1"}),
        Call(role="institution_admin", values={"code": _in("submitted"), "number": "1"}),
    ),
    "products.new_product": row(
        "own:products:write",
        Call(role="institution_clerk"),
        Call(role="institution_clerk", method="POST", form=NEW_PRODUCT),
    ),
    "products.edit_product": row(
        "own:products:write",
        Call(role="institution_clerk", values={"code": OWN_PRODUCT}),
        Call(
            role="institution_clerk",
            method="POST",
            values={"code": _in("draft")},
            form={**NEW_PRODUCT, "fingerprint": FINGERPRINT},
        ),
    ),
    "products.conditions": row(
        "own:products:write",
        Call(role="institution_clerk", values={"code": OWN_PRODUCT}),
        Call(role="institution_admin", values={"code": _in("draft")}),
    ),
    "products.edit_condition": row(
        "own:products:write",
        Call(role="institution_clerk", values={"code": OWN_PRODUCT, "key": "new"}),
        Call(
            role="institution_clerk",
            method="POST",
            values={"code": _in("draft"), "key": "new"},
            form={"tree": OVERDUE, "do": "save", "fingerprint": FINGERPRINT},
        ),
    ),
    "products.conditions_schema": row(PUBLIC, Call()),
    "products.about_conditions": row(PUBLIC, Call(), Call(query={"q": "nashui"})),
    "products.edit_limit": row(
        "own:products:write",
        Call(role="institution_clerk", values={"code": _in("draft"), "key": "standard"}),
        Call(
            role="institution_clerk",
            method="POST",
            values={"code": _in("draft"), "key": "standard"},
            form={"tree": FORMULA, "do": "save", "fingerprint": FINGERPRINT},
        ),
    ),
    "products.remove_condition": row(
        "own:products:write",
        Call(
            role="institution_clerk",
            method="POST",
            values={"code": _with_condition, "key": _condition_key},
            form={"fingerprint": FINGERPRINT},
        ),
    ),
    "products.submit": row(
        "own:products:write", Call(role="institution_clerk", method="POST", values={"code": _in("draft")})
    ),
    "products.recall": row(
        "own:products:write", Call(role="institution_clerk", method="POST", values={"code": _in("submitted")})
    ),
    "products.discard": row(
        "own:products:write", Call(role="institution_clerk", method="POST", values={"code": _in("draft")})
    ),
    "products.import_drafts": row(
        "own:products:write",
        Call(role="institution_clerk"),
        Call(role="institution_clerk", method="POST", form={"file": lambda _person: (BytesIO(CSV), "products.csv")}),
    ),
    "products.import_template": row(
        "own:products:write",
        Call(role="institution_clerk", values={"kind": "xlsx"}),
        Call(role="institution_clerk", values={"kind": "csv"}),
        shared="the same empty file for everybody who may send one",
    ),
    "products.export_products": row(
        "own:products:read",
        Call(role="institution_clerk", values={"kind": "xlsx"}),
        Call(role="institution_admin", values={"kind": "csv"}),
        shared="everybody gets the products of their own institution",
    ),
    "products.queue": row("own:products:approve", Call(role="institution_admin")),
    "products.approve": row(
        "own:products:approve",
        Call(
            role="institution_admin",
            method="POST",
            values={"code": _in("submitted"), "number": "1"},
            form={"fingerprint": FINGERPRINT},
        ),
    ),
    "products.send_back": row(
        "own:products:approve",
        Call(
            role="institution_admin",
            method="POST",
            values={"code": _in("submitted"), "number": "1"},
            form={"fingerprint": FINGERPRINT, **REASON},
        ),
    ),
    "products.suspend": row(
        "own:products:approve",
        Call(
            role="institution_admin",
            method="POST",
            values={"code": OWN_PRODUCT},
            form={**REASON, "begins": lambda _person: today().isoformat()},
        ),
    ),
    "products.resume": row(
        "own:products:approve",
        Call(role="institution_admin", method="POST", values={"code": _in("suspended")}, form=REASON),
    ),
    "products.withdraw": row(
        "own:products:approve",
        Call(role="institution_admin", method="POST", values={"code": OWN_PRODUCT}, form=REASON),
    ),
    "products.operator_queue": row("all:products:approve", Call(role="operator")),
    "products.operator_version": row(
        "all:products:approve", Call(role="operator", values={"code": _of_one_person_bank})
    ),
    "products.operator_approve": row(
        "all:products:approve",
        Call(
            role="operator",
            method="POST",
            values={"code": _of_one_person_bank, "number": "1"},
            form={"fingerprint": FINGERPRINT},
        ),
    ),
    "products.operator_send_back": row(
        "all:products:approve",
        Call(
            role="operator",
            method="POST",
            values={"code": _of_one_person_bank, "number": "1"},
            form={"fingerprint": FINGERPRINT, **REASON},
        ),
    ),
    "products.report": row(
        PUBLIC,
        Call(values={"code": "ccb_yunshuidai"}),
        Call(method="POST", values={"code": "ccb_yunshuidai"}, form=REPORT),
        Call(role="applicant_owner", method="POST", values={"code": UNCONNECTED}, form=REPORT),
        shared="a page for everybody",
    ),
    "products.reports": row("own:reports:handle", Call(role="institution_clerk", query={"state": "all"})),
    "products.own_report": row(
        "own:reports:handle",
        Call(role="institution_clerk", values={"public_id": _own_reported}),
        Call(role="institution_clerk", method="POST", values={"public_id": _own_reported}, form=ANSWER),
    ),
    "products.operator_reports": row(
        "all:reports:handle", Call(role="operator"), Call(role="operator", query={"overdue": "1"})
    ),
    "products.operator_report": row(
        "all:reports:handle",
        Call(role="operator", values={"public_id": _reported(UNCONNECTED)}),
        Call(role="operator", method="POST", values={"public_id": _reported(UNCONNECTED)}, form=ANSWER),
    ),
    "products.policies": row(
        PUBLIC,
        Call(query={"q": "贴息"}),
        Call(role="applicant_owner", query={"standing": "expired", "department": "市金融办"}),
        Call(role="institution_clerk"),
        Call(role="official"),
        Call(role="operator"),
    ),
    "products.policy": row(
        PUBLIC,
        Call(values={"code": "NP-01"}),
        Call(values={"code": "HF7"}),
        Call(role="operator", values={"code": "NP-03"}),
        shared="a page for everybody",
    ),
    "products.policy_clause": row(
        PUBLIC,
        Call(values={"code": "NP-02", "clause_code": "NP-02-1"}, query={"figure__demand__guaranteed_amount": "800"}),
        Call(values={"code": "HF7", "clause_code": "HF7-01-2"}, query={"go": "1", "on": "2024-06-01"}),
        shared="a page for everybody",
    ),
    "products.operator_policies": row("all:policies:manage", Call(role="operator")),
    "products.operator_new_policy": row(
        "all:policies:manage",
        Call(role="operator"),
        Call(role="operator", method="POST", form=NEW_POLICY),
    ),
    "products.operator_policy": row(
        "all:policies:manage",
        Call(role="operator", values={"code": "NP-01"}),
        Call(role="operator", method="POST", values={"code": "NP-01"}, form=POLICY),
    ),
    "products.end_policy": row(
        "all:policies:manage",
        Call(
            role="operator",
            method="POST",
            values={"code": "NP-02"},
            form={"seen": "1", "last": "2027-06-30", "reason": "主管部门发文停止执行"},
        ),
    ),
}
