"""Policies as everybody reads them: the list with search and filters, one policy, one clause with its amount."""

from flask import render_template, request

from finmart.platform.kernel.errors import BadInput, Conflict
from finmart.platform.web.access import public
from finmart.platform.web.actor import current_actor
from finmart.platform.web.errors import say, status_of
from finmart.products import policy_view
from finmart.products.forms.policies import figures_form
from finmart.products.policies.service import shelf
from finmart.products.policies.service.amounts import Amount, amount
from finmart.products.policies.service.shelf import FACETS, Criteria
from finmart.products.policies.types.values import Policy, PolicyClause, Standing
from finmart.products.routes.blueprint import blueprint

MAX_QUERY = 100
#: A facet takes at most this many codes from an address; more is no choice but noise.
MAX_CODES = 20

Answer = str | tuple[str, int]


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    # The shelf and the result of a match show policies too, so the words go with every template.
    return {
        "policy_word": policy_view.word,
        "policy_words": policy_view.words,
        "policies_found": shelf.count_matching,
        "shelf_may": lambda permission: current_actor().may(permission),
    }


def _clean(text: str, length: int) -> str:
    """What can be shown again in a page: without control characters, no longer than ``length``."""
    return "".join(character for character in text[:length] if character.isprintable()).strip()


def _criteria() -> Criteria:
    where = {
        # An address that somebody changed by hand filters by nothing that no policy could be.
        facet: frozenset(request.args.getlist(facet)[:MAX_CODES]) & shelf.known_codes(facet)
        for facet in FACETS
        if facet in request.args
    }
    text = _clean(request.args.get("q", ""), MAX_QUERY)
    return Criteria(text, {facet: codes for facet, codes in where.items() if codes})


@blueprint.get("/policies")
@public
def policies() -> str:
    """Every policy, those in force first: words, filters with counts."""
    criteria = _criteria()
    found = shelf.find_policies(criteria)
    return render_template(
        "policies/list.html",
        criteria=criteria,
        found=found,
        standings={one.code: policy_view.shown_standing(one) for one in found.policies},
        filters=policy_view.filters(criteria, found),
        chosen=policy_view.chosen_filters(criteria),
        without_filters=policy_view.without_filters(criteria),
    )


@blueprint.get("/policies/<code>")
@public
def policy(code: str) -> str:
    """One policy with its clauses and its history."""
    found = shelf.policy(code)
    return render_template(
        "policies/policy.html",
        policy=found,
        standing=policy_view.shown_standing(found),
        clauses=[policy_view.shown_clause(found, clause) for clause in found.clauses],
        history=shelf.history(code),
    )


@blueprint.get("/policies/<code>/clauses/<clause_code>")
@public
def policy_clause(code: str, clause_code: str) -> Answer:
    """One clause: its words, and what it comes to for the figures of the address; of an ended one only what it gave."""
    owner, clause = shelf.clause(code, clause_code)
    shown = policy_view.shown_clause(owner, clause)
    then = shown.standing.state is Standing.EXPIRED
    form = figures_form(shown.figures, request.args, then=then) if shown.computes else None
    worked_out, refused, status = None, "", 200
    if form is not None and (request.args.keys() & {"go", *form.data}):
        status = 422
        if form.validate():
            worked_out, refused, status = _amount(owner, clause, form)
    return (
        render_template(
            "policies/clause.html",
            policy=owner,
            shown=shown,
            form=form,
            then=then,
            amount=worked_out,
            refused=refused,
            history=shelf.history(code),
        ),
        status,
    )


def _amount(owner: Policy, clause: PolicyClause, form: object) -> tuple[Amount | None, str, int]:
    """The amount, or why there is none, with the status of the answer."""
    day = form.on.data if hasattr(form, "on") else None
    try:
        return amount(owner, clause, form.figures(), day=day), "", 200  # type: ignore[attr-defined]
    except (BadInput, Conflict) as error:
        return None, say(error.message), status_of(error)
