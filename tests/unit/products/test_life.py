"""The life of a product: one table, no second way to a published version."""

import ast
from itertools import product
from pathlib import Path

import pytest

from finmart.products.drafts.types import (
    OPEN,
    STATE_WORDS,
    STEP_WORDS,
    TRANSITIONS,
    ProductState,
    State,
    Step,
    StepRefused,
    VersionState,
    after,
    state_of,
)
from tests.conventions.tree import parsed, python_files, relative

STATES: tuple[State, ...] = (*VersionState, *ProductState)


@pytest.mark.parametrize(("state", "step"), list(product(STATES, Step)))
def test_what_is_not_in_the_table_is_refused(state: State, step: Step) -> None:
    if (state, step) in TRANSITIONS:
        assert after(state, step) is TRANSITIONS[(state, step)]
        assert type(after(state, step)) is type(state)
    else:
        with pytest.raises(StepRefused):
            after(state, step)


def test_only_an_approval_publishes_and_only_what_was_submitted() -> None:
    ways = [(state, step) for (state, step), new in TRANSITIONS.items() if new is VersionState.PUBLISHED]
    assert ways == [(VersionState.SUBMITTED, Step.APPROVE)]


def test_only_a_listing_or_a_resumption_shows_a_product() -> None:
    shown = {step for (state, step), new in TRANSITIONS.items() if new is ProductState.LISTED and new is not state}
    assert shown == {Step.LIST, Step.RESUME}


def test_what_was_published_can_only_be_retired() -> None:
    for state in (VersionState.PUBLISHED, VersionState.RETIRED, VersionState.DISCARDED, ProductState.WITHDRAWN):
        steps = [step for (from_, step) in TRANSITIONS if from_ is state]
        assert steps == ([Step.RETIRE] if state is VersionState.PUBLISHED else [])


def test_every_state_can_be_reached_and_every_word_is_there() -> None:
    reached = {VersionState.DRAFT, ProductState.UNLISTED, *TRANSITIONS.values()}
    assert reached == set(STATES)
    assert set(STATE_WORDS) == set(STATES)
    assert set(STEP_WORDS) == set(Step)
    assert {state_of(state.value) for state in STATES} == set(STATES)


def test_an_open_version_can_always_be_given_up() -> None:
    assert all((state, Step.DISCARD) in TRANSITIONS for state in OPEN)


def _uses(name: str, *, package: str = "finmart") -> list[str]:
    """The functions that name ``Step.<name>`` or the like."""
    found = []
    for path in python_files(package):
        for function in ast.walk(parsed(path)):
            if isinstance(function, ast.FunctionDef):
                attributes = [node for node in ast.walk(function) if isinstance(node, ast.Attribute)]
                if any(node.attr == name and getattr(node.value, "id", "") == "Step" for node in attributes):
                    found.append(f"{relative(path)}:{function.name}")
    return found


def test_one_function_alone_takes_the_step_that_publishes() -> None:
    assert _uses("APPROVE") == ["finmart/products/drafts/service/checking.py:approve"]
    assert _uses("LIST") == ["finmart/products/drafts/service/checking.py:approve"]


def _speaks_of_products(path: Path) -> bool:
    """Policies stand beside products and have a life of their own: the operator publishes them, nobody applies."""
    return not relative(path).startswith("finmart/products/policies/")


def _assignments(attribute: str) -> list[str]:
    """The functions that set ``attribute`` of something."""
    return sorted(
        {
            f"{relative(path)}:{function.name}"
            for path in filter(_speaks_of_products, python_files("finmart/products"))
            for function in ast.walk(parsed(path))
            if isinstance(function, ast.FunctionDef)
            for node in ast.walk(function)
            if isinstance(node, ast.Assign)
            for target in node.targets
            for leaf in (target.elts if isinstance(target, ast.Tuple) else [target])
            if isinstance(leaf, ast.Attribute) and leaf.attr == attribute
        }
    )


def test_everything_that_can_show_a_version_is_known_by_name() -> None:
    # The catalogue's own import is the one exemption; it makes no draft and takes no step.
    assert _assignments("published_number") == [
        "finmart/products/drafts/service/checking.py:approve",
        "finmart/products/drafts/service/listing.py:_hide",
        "finmart/products/drafts/service/listing.py:_resume",
        "finmart/products/repository.py:publish",
    ]
    assert _assignments("state") == [
        "finmart/products/drafts/service/steps.py:move_product",
        "finmart/products/drafts/service/steps.py:move_version",
        "finmart/products/reports/service/answering.py:handle_report",
        "finmart/products/repository.py:publish",
    ]


def test_only_the_catalogues_import_publishes_without_a_checker() -> None:
    callers = [
        f"{relative(path)}:{function.name}"
        for path in filter(_speaks_of_products, python_files("finmart"))
        for function in ast.walk(parsed(path))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "publish"
        and getattr(node.func.value, "id", "") == "repository"
        and relative(path).startswith("finmart/products")
    ]
    assert callers == ["finmart/products/loading.py:_publish"]
