"""Subjects for the whole house: found by identifier, made in bulk, named on pages.

The functions here ask for no permission: they give names and keys, never data. Profiles are guarded by credit.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence

from sqlalchemy.exc import IntegrityError

from finmart.platform.accounts.models.subjects import Subject
from finmart.platform.accounts.repository import subjects
from finmart.platform.accounts.types.contacts import mask_name
from finmart.platform.accounts.types.errors import SubjectUnknown
from finmart.platform.accounts.types.events import SubjectsCreated
from finmart.platform.accounts.types.kinds import NATURAL_PERSONS, Scheme, SubjectKind
from finmart.platform.accounts.types.values import SubjectCard, SubjectRow
from finmart.platform.audit.service import record
from finmart.platform.db.session import session
from finmart.platform.kernel.actor import Actor, system_actor
from finmart.platform.kernel.ids import public_id
from finmart.reference import credit_codes, resident_ids

Key = tuple[str, str]

_REGISTRAR = system_actor("accounts", "registration of subjects named by imported data")
_CLEAN: Mapping[str, Callable[[str], str]] = {
    Scheme.USCC.value: credit_codes.clean,
    Scheme.RESIDENT_ID.value: resident_ids.clean,
}


def normal_identifier(scheme: str, value: str) -> str:
    """``value`` as it is compared: by its standard's own rule, half width and trimmed where there is none."""
    clean = _CLEAN.get(scheme)
    return clean(value) if clean is not None else unicodedata.normalize("NFKC", value).strip()


def find_subject(scheme: str, value: str) -> int | None:
    """The id of the subject that ``value`` in ``scheme`` names now; None when there is none."""
    index = subjects.identifier_index(scheme, normal_identifier(scheme, value))
    return subjects.subjects_by_index(scheme=scheme, indexes=[index]).get(index)


def find_subjects(scheme: str, values: Iterable[str]) -> dict[str, int]:
    """value (as given) → subject id, for those that are known."""
    by_value = {value: subjects.identifier_index(scheme, normal_identifier(scheme, value)) for value in values}
    found = subjects.subjects_by_index(scheme=scheme, indexes=sorted(set(by_value.values())))
    return {value: found[index] for value, index in by_value.items() if index in found}


def find_or_create_subjects(rows: Iterable[SubjectRow], *, actor: Actor | None = None) -> dict[Key, int]:
    """(scheme, value as given) → subject id for every row; what is missing is made, in bulk.

    A known identifier keeps its subject and the name it has. Values are keyed fingerprints (blind index) in the
    table and ciphertext beside it; 100 000 rows take seconds. Running it again makes nothing. When another
    transaction makes the same subject at the same time, the one that comes second finds it.
    """
    given = list(rows)
    wanted: dict[Key, SubjectRow] = {}
    for row in given:
        wanted.setdefault((row.scheme, normal_identifier(row.scheme, row.value)), row)
    indexes = {key: subjects.identifier_index(*key) for key in wanted}
    found = _known(indexes)
    missing = [key for key in wanted if key not in found]
    if missing:
        try:
            with session().begin_nested():
                made = _create([wanted[key] for key in missing], missing, indexes, actor or _REGISTRAR)
        except IntegrityError:
            found = _known(indexes)
            missing = [key for key in wanted if key not in found]
            made = _create([wanted[key] for key in missing], missing, indexes, actor or _REGISTRAR)
        found.update(made)
    return {(row.scheme, row.value): found[(row.scheme, normal_identifier(row.scheme, row.value))] for row in given}


def _known(indexes: Mapping[Key, str]) -> dict[Key, int]:
    known: dict[Key, int] = {}
    for scheme in sorted({key[0] for key in indexes}):
        keys = [key for key in indexes if key[0] == scheme]
        by_index = subjects.subjects_by_index(scheme=scheme, indexes=[indexes[key] for key in keys])
        known.update((key, by_index[indexes[key]]) for key in keys if indexes[key] in by_index)
    return known


def _create(
    rows: Sequence[SubjectRow], keys: Sequence[Key], indexes: Mapping[Key, str], actor: Actor
) -> dict[Key, int]:
    if not rows:
        return {}
    made = subjects.insert_subjects([_columns(row) for row in rows])
    subjects.insert_identifiers(
        [
            {"subject_id": made[position][0], "scheme": key[0], "value": key[1], "blind_index": indexes[key]}
            for position, key in enumerate(keys)
        ]
    )
    schemes = tuple(sorted({key[0] for key in keys}))
    record(actor, SubjectsCreated(target=made[0][1], count=len(made), schemes=schemes))
    return {key: made[position][0] for position, key in enumerate(keys)}


def _columns(row: SubjectRow) -> dict[str, object]:
    natural = row.kind in NATURAL_PERSONS
    name = row.display_name.strip()[:120]
    return {
        "public_id": public_id(),
        "kind": row.kind.value,
        "display_name": mask_name(name) if natural else name,
        "full_name": name if natural else None,
        "demonstration": row.demonstration,
    }


def subject_cards(ids: Iterable[int]) -> dict[int, SubjectCard]:
    """subject id → card with public id, kind, display name and demonstration mark, for those that exist."""
    return {row.id: _card(row) for row in subjects.subjects_by_id(ids)}


def subject_card(subject_id: int) -> SubjectCard:
    """One subject's card. Raises ``SubjectUnknown``."""
    row = subjects.subject_by_id(subject_id)
    if row is None:
        raise SubjectUnknown
    return _card(row)


def subject_by_public_id(public_id: str) -> SubjectCard:
    """One subject's card by the id that stands in URLs. Raises ``SubjectUnknown``."""
    row = subjects.subject_by_public_id(public_id)
    if row is None:
        raise SubjectUnknown
    return _card(row)


def supplier_codes(ids: Iterable[int]) -> dict[int, str]:
    """subject id → the code a data supplier knows it by, for those that have one; no identifier of any other scheme."""
    rows = subjects.identifiers_of(ids)
    return {row.subject_id: row.value for row in rows if row.scheme == Scheme.SUPPLIER_CODE}


def demonstration_subject_ids() -> list[int]:
    """The ids of the demonstration city's subjects, ascending."""
    return subjects.ids_by_demonstration(demonstration=True)


def real_subject_ids() -> list[int]:
    """The ids of every subject outside the demonstration, ascending."""
    return subjects.ids_by_demonstration(demonstration=False)


def _card(row: Subject) -> SubjectCard:
    return SubjectCard(row.id, row.public_id, SubjectKind(row.kind), row.display_name, row.demonstration)
