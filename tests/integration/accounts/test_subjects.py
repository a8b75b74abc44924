"""Subjects: found by blind index, made in bulk, ciphertext at rest."""

import time

import pytest
from sqlalchemy import event, func, select, text

from finmart.platform.accounts.models.subjects import Subject, SubjectIdentifier
from finmart.platform.accounts.service import subjects
from finmart.platform.accounts.types.errors import SubjectUnknown
from finmart.platform.accounts.types.kinds import SubjectKind
from finmart.platform.accounts.types.values import SubjectRow
from finmart.platform.audit.models import AuditRow
from finmart.platform.db.session import session, unit_of_work
from tests.factories import accounts as made

pytestmark = pytest.mark.usefixtures("database")

BULK = 5_000


def _rows(count: int, prefix: str = "B") -> list[SubjectRow]:
    return [
        SubjectRow("supplier_code", f"{prefix}{number}", SubjectKind.ENTERPRISE, f"企业{number}")
        for number in range(count)
    ]


def test_the_same_rows_again_make_nothing() -> None:
    with unit_of_work():
        first = subjects.find_or_create_subjects(_rows(425))
        second = subjects.find_or_create_subjects(_rows(425))
        assert first == second
        assert len(set(first.values())) == 425
        assert session().scalar(select(func.count()).select_from(Subject)) == 425
        events = session().scalars(select(AuditRow).where(AuditRow.name == "subject.created")).all()
        assert [event.payload["count"] for event in events] == [425]


def test_known_and_new_rows_mix_and_repeat() -> None:
    with unit_of_work():
        before = subjects.find_or_create_subjects(_rows(3))
        rows = [*_rows(5), *_rows(5)]
        after = subjects.find_or_create_subjects(rows)
        assert len(after) == 5
        assert {key: after[key] for key in before} == before


def test_a_known_subject_keeps_its_name() -> None:
    with unit_of_work():
        row = SubjectRow("supplier_code", "E1", SubjectKind.ENTERPRISE, "原名")
        subject_id = subjects.find_or_create_subjects([row])[("supplier_code", "E1")]
        renamed = SubjectRow("supplier_code", "E1", SubjectKind.ENTERPRISE, "新名")
        assert subjects.find_or_create_subjects([renamed]) == {("supplier_code", "E1"): subject_id}
        assert subjects.subject_card(subject_id).display_name == "原名"


def test_codes_are_found_however_they_are_written() -> None:
    code = made.new_credit_code()
    with unit_of_work():
        row = SubjectRow("uscc", code, SubjectKind.ENTERPRISE, "某公司")
        subject_id = subjects.find_or_create_subjects([row])[("uscc", code)]
        assert subjects.find_subject("uscc", f" {code.lower()} ") == subject_id
        assert subjects.find_subjects("uscc", [code, made.new_credit_code()]) == {code: subject_id}
        assert subjects.find_subject("resident_id", code) is None


def test_what_identifies_is_ciphertext_in_the_table() -> None:
    number = made.new_resident_id()
    with unit_of_work():
        row = SubjectRow("resident_id", number, SubjectKind.PERSON, "章小满")
        subject_id = subjects.find_or_create_subjects([row])[("resident_id", number)]
        stored = session().execute(text("SELECT value, blind_index FROM subject_identifier")).one()
        assert number.encode() not in bytes(stored.value)
        assert number not in stored.blind_index
        named = session().execute(text("SELECT display_name, full_name FROM subject")).one()
        assert named.display_name == "章**"
        assert "章小满".encode() not in bytes(named.full_name)
        session().expire_all()
        kept = session().scalars(select(Subject).where(Subject.id == subject_id)).one()
        assert kept.full_name == "章小满"
        assert session().scalars(select(SubjectIdentifier.value)).one() == number


def test_the_same_value_in_two_schemes_has_two_indexes() -> None:
    with unit_of_work():
        subjects.find_or_create_subjects(
            [SubjectRow(scheme, "E7", SubjectKind.ENTERPRISE, "甲") for scheme in ("supplier_code", "other_code")]
        )
        indexes = session().scalars(select(SubjectIdentifier.blind_index)).all()
        assert len(set(indexes)) == 2


def test_cards_carry_public_ids() -> None:
    with unit_of_work():
        subject_id = made.subject(name="赣江示例有限公司")
        card = subjects.subject_card(subject_id)
        assert subjects.subject_by_public_id(card.public_id) == card
        assert subjects.subject_cards([subject_id, 10**9]) == {subject_id: card}
        assert (card.kind, card.display_name, card.demonstration) == ("enterprise", "赣江示例有限公司", False)
        with pytest.raises(SubjectUnknown):
            subjects.subject_card(10**9)
        with pytest.raises(SubjectUnknown):
            subjects.subject_by_public_id("nothing")


def test_demonstration_subjects_are_marked() -> None:
    with unit_of_work():
        real = made.subject()
        row = SubjectRow("supplier_code", "D1", SubjectKind.FARMER, "示例农户", demonstration=True)
        demo = subjects.find_or_create_subjects([row])[("supplier_code", "D1")]
        assert subjects.demonstration_subject_ids() == [demo]
        assert subjects.real_subject_ids() == [real]


def test_thousands_of_rows_take_few_statements() -> None:
    statements = 0

    def count(*_arguments: object) -> None:
        nonlocal statements
        statements += 1

    with unit_of_work():
        connection = session().connection()
        event.listen(connection, "before_cursor_execute", count)
        began = time.monotonic()
        found = subjects.find_or_create_subjects(_rows(BULK))
        took = time.monotonic() - began
    assert len(found) == BULK
    assert statements < BULK / 50
    assert took < 30
