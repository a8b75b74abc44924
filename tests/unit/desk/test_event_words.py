"""The audit trail's words."""

import importlib
from dataclasses import fields

import pytest

from finmart.platform.audit.events import AuditEvent
from finmart.platform.desk.event_words import EVENT_WORDS, FIELD_WORDS

MODULES = (
    "finmart.credit.types.events",
    "finmart.matching.demands.types.events",
    "finmart.matching.leads.types.events",
    "finmart.matching.prospecting.types.events",
    "finmart.matching.recommendations.types",
    "finmart.matching.types.events",
    "finmart.platform.accounts.types.disputes",
    "finmart.platform.accounts.types.events",
    "finmart.platform.accounts.types.evidence",
    "finmart.platform.accounts.types.onboarding",
    "finmart.platform.accounts.types.second_factor",
    "finmart.platform.accounts.types.sso",
    "finmart.platform.audit.verifying",
    "finmart.platform.announcements.types",
    "finmart.platform.consents.types",
    "finmart.platform.dictionaries.types",
    "finmart.platform.files.types.events",
    "finmart.platform.keys.types",
    "finmart.platform.jobs.operating",
    "finmart.platform.notices.types",
    "finmart.platform.switches.types",
    "finmart.platform.web.refusals",
    "finmart.products.events",
)


@pytest.mark.parametrize("module", MODULES)
def test_every_event_and_every_field_has_words(module: str) -> None:
    kinds = [kind for kind in vars(importlib.import_module(module)).values() if isinstance(kind, type)]
    events = [kind for kind in kinds if issubclass(kind, AuditEvent) and kind is not AuditEvent]
    assert events
    assert {event.name for event in events} <= set(EVENT_WORDS)
    assert {field.name for event in events for field in fields(event)} - {"target"} <= set(FIELD_WORDS)
