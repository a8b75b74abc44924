"""Access of the endpoints of ``finmart.matching``."""

from finmart.matching.rulesets import drafts
from finmart.platform.authz.permissions import Permission
from finmart.platform.db.session import unit_of_work
from finmart.platform.kernel.actor import Actor
from tests.fixtures.people import Person
from tests.functional.access.rows import PUBLIC, SIGNED_IN, Call, Row, first, row

OWN = "WHERE organisation_id = :organisation ORDER BY id LIMIT 1"
OWN_DEMAND = first(f"SELECT public_id FROM demand {OWN}")  # noqa: S608
OWN_RUN = first(f"SELECT public_id FROM match_run {OWN}")  # noqa: S608
ANY_PRODUCT = first("SELECT code FROM product WHERE published_number IS NOT NULL ORDER BY code LIMIT 1")
ANY_RUN = first("SELECT public_id FROM match_run ORDER BY id LIMIT 1")
OWN_PRODUCT = first("SELECT code FROM product WHERE organisation_id = :organisation ORDER BY code LIMIT 1")
COUNTED = first("SELECT public_id FROM insight_demand WHERE demonstration ORDER BY public_id LIMIT 1")
NEED = {
    "amount": "120",
    "term_months": "12",
    "purpose": "working_capital",
    "guarantees": "credit",
    "region": "360113",
    "urgency": "month",
}


DRAFTED = {
    "reason_zh": "先看成本",
    "place_verdict": "1",
    "codes_verdict": "met=0,met_checked=0,open=1,unchecked=2,not_met=3",
    "place_cost": "2",
    "place_turn": "3",
}


def _a_draft(_person: Person | None) -> str:
    actor = Actor(name="somebody", user_id=None, permissions=frozenset({Permission.ALL_RULES_MANAGE}))
    with unit_of_work():
        return str(drafts.new_draft(actor, 2).version)


def _a_draft_of_somebody_else(person: Person | None) -> str:
    version = int(_a_draft(person))
    actor = Actor(name="somebody", user_id=None, permissions=frozenset({Permission.ALL_RULES_MANAGE}))
    trier = Actor(name="somebody else", user_id=0, permissions=actor.permissions)
    codes = {"verdict": {"met": 0, "met_checked": 0, "open": 1, "unchecked": 2, "not_met": 3}}
    with unit_of_work():
        drafts.write_draft(actor, version, drafts.Wording(("verdict", "cost"), codes, {}, "先看成本"))
        drafts.note_trial(trier, drafts.draft_of(trier, version))
    return str(version)


DECLARED = {"fact__controller__age": "41", "commitment": "y"}

ROWS: dict[str, Row] = {
    "matching.ranking": row(PUBLIC, Call(), Call(role="applicant_owner")),
    "matching.home": row(
        SIGNED_IN,
        *(Call(role="applicant_owner"), Call(role="applicant_member")),
        *(Call(role=role, status=302) for role in ("institution_admin", "official", "operator")),
    ),
    "matching.new_demand": row(
        "own:demands:write",
        Call(role="applicant_owner"),
        Call(role="applicant_owner", method="POST", form=NEED),
    ),
    "matching.run": row("own:demands:read", Call(role="applicant_owner", values={"public_id": OWN_RUN})),
    "matching.answer": row(
        "own:facts:declare",
        Call(role="applicant_owner", values={"public_id": OWN_DEMAND}),
        Call(
            role="applicant_owner",
            method="POST",
            values={"public_id": OWN_DEMAND},
            form={"commitment": "y"},
            status=422,
        ),
    ),
    "matching.match_again": row(
        "own:demands:write", Call(role="applicant_owner", method="POST", values={"public_id": OWN_DEMAND})
    ),
    "matching.declared": row(
        "own:facts:declare",
        Call(role="applicant_owner"),
        Call(role="applicant_owner", method="POST", form=DECLARED),
    ),
    "matching.recommended": row("own:demands:read", Call(role="applicant_owner"), Call(role="applicant_member")),
    "matching.recommending": row(
        "own:demands:write",
        Call(role="applicant_owner"),
        Call(role="applicant_owner", method="POST", form={"wanted": "off"}),
    ),
    "matching.own_policies_page": row(
        "own:profile:read",
        Call(role="applicant_owner"),
        Call(role="applicant_member"),
        Call(role="applicant_owner", method="POST", form={"commitment": "y"}, status=422),
        Call(role="applicant_owner", method="POST", form={"commitment": "y", "fact__private_ownership": "yes"}),
    ),
    "matching.desk": row("own:products:read", Call(role="institution_admin"), Call(role="institution_clerk")),
    "matching.prospects_page": row(
        "sample:prospects:read",
        Call(role="institution_clerk", query={"product": OWN_PRODUCT}),
        Call(role="institution_admin"),
    ),
    "matching.admits": row(
        "sample:prospects:read",
        Call(role="institution_clerk", values={"product_code": OWN_PRODUCT}, htmx=True),
        shared="whom of the demonstration's sample any product on the shelf would admit",
    ),
    "matching.draft_admits": row(
        "sample:prospects:read",
        Call(role="institution_clerk", values={"product_code": OWN_PRODUCT}, htmx=True),
        Call(role="institution_admin", values={"product_code": OWN_PRODUCT}, htmx=True),
    ),
    "matching.try_condition": row(
        "sample:prospects:read",
        Call(
            role="institution_clerk",
            method="POST",
            values={"product_code": OWN_PRODUCT, "key": "new"},
            form={"tree": '{"is": [{"fact": "overdue_now"}, false]}', "do": "try"},
            status=200,
        ),
    ),
    "matching.try_product": row(
        "sample:prospects:read",
        Call(
            role="institution_clerk",
            method="POST",
            values={"product_code": OWN_PRODUCT},
            form={
                "name_zh": "改名的产品",
                "product_type": "credit_loan",
                "rate_kind": "interest",
                "fees-0-per": "year",
                "fees-1-per": "year",
            },
            status=200,
        ),
    ),
    "matching.overview": row(
        "region:figures:read",
        Call(role="official"),
        Call(role="official", query={"cases": "demo", "since": "2026-01-01"}),
    ),
    "matching.official_demands": row(
        "region:figures:read",
        Call(role="official", values={"stage": "demands"}, query={"cases": "demo", "district": "360113"}),
        Call(role="official", values={"stage": "unanswered"}, query={"cases": "demo"}),
        shared="no thing, but a choice of the page",
    ),
    "matching.official_applications": row(
        "region:figures:read",
        Call(role="official", values={"stage": "received"}, query={"cases": "demo"}),
        shared="no thing, but a choice of the page",
    ),
    "matching.official_demand": row(
        "region:demands:unmask",
        Call(role="official", values={"public_id": COUNTED}),
        Call(
            role="official",
            method="POST",
            values={"public_id": COUNTED},
            form={"reason": "complaint"},
            status=200,
        ),
    ),
    "matching.official_products": row(
        "region:figures:read",
        Call(role="official", values={"dimension": "industry", "code": "C"}),
        shared="no thing, but a choice of the page",
    ),
    "matching.open_product": row(
        "own:demands:read",
        Call(role="applicant_owner", values={"public_id": OWN_RUN, "code": ANY_PRODUCT}, status=302),
    ),
    "matching.attention": row(
        "own:products:read", Call(role="institution_clerk", values={"code": OWN_PRODUCT}, htmx=True)
    ),
    "matching.exposure": row(
        "region:figures:read",
        Call(role="official"),
        Call(role="official", query={"days": "90", "cases": "real"}),
    ),
    "matching.coverage": row(
        "region:figures:read",
        Call(role="official"),
        Call(role="official", query={"shelf": "tax_loan", "cases": "demo"}),
        Call(role="official", query={"cases": "real"}),
    ),
    "matching.export_exposure": row(
        "region:figures:export",
        Call(role="official", method="POST", form={"format": "xlsx"}, status=200),
        Call(role="official", method="POST", form={"format": "csv"}, status=200),
    ),
    "matching.export": row(
        "region:figures:export",
        Call(role="official", method="POST", form={"format": "xlsx"}, status=200),
        Call(role="official", method="POST", form={"format": "csv"}, status=200),
    ),
    "matching.rankings": row("all:rules:manage", Call(role="operator")),
    "matching.new_ranking": row("all:rules:manage", Call(role="operator", method="POST", values={"version": "2"})),
    "matching.ranking_draft": row(
        "all:rules:manage",
        Call(role="operator", values={"version": _a_draft}),
        Call(role="operator", method="POST", values={"version": _a_draft}, form=DRAFTED),
        Call(role="operator", method="POST", values={"version": _a_draft}, form={}, status=422),
    ),
    "matching.try_ranking": row(
        "all:rules:manage", Call(role="operator", method="POST", values={"version": _a_draft}, status=200)
    ),
    "matching.commit_ranking": row(
        "all:rules:manage", Call(role="operator", method="POST", values={"version": _a_draft_of_somebody_else})
    ),
    "matching.withdraw_ranking": row(
        "all:rules:manage", Call(role="operator", method="POST", values={"version": _a_draft})
    ),
    "matching.stored_runs": row(
        "all:runs:read", Call(role="operator"), Call(role="operator", query={"kind": "demand"})
    ),
    "matching.stored_run": row("all:runs:read", Call(role="operator", values={"public_id": ANY_RUN})),
    "matching.replay": row("all:runs:replay", Call(role="operator", method="POST", values={"public_id": ANY_RUN})),
}
