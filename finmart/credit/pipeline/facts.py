"""From stored rows to facts and profile versions: what is new is added, what is the same is named again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from finmart.conditions.types import Value
from finmart.credit.features import feature as features
from finmart.credit.features.families import FAMILIES, Made, derived
from finmart.credit.features.feature import Family
from finmart.credit.features.windows import visible
from finmart.credit.repository import batches, profiles
from finmart.credit.store import parquet
from finmart.credit.types.states import PROFILES_JOB
from finmart.platform.jobs.outbox import enqueue
from finmart.platform.kernel.ids import public_id

#: subject → key → fact
Facts = dict[int, dict[str, Made]]


@dataclass(frozen=True)
class Published:
    """How many facts and profile versions were added."""

    facts: int
    profiles: int


def computed(rows: Mapping[str, pl.LazyFrame], *, subjects: Sequence[int], as_of: date, known_at: datetime) -> Facts:
    """Every fact of ``subjects`` that ``rows`` (by data set) yield as of a day, known at a moment."""
    found: Facts = {subject: {} for subject in subjects}
    for dataset, frame in rows.items():
        family = FAMILIES[dataset]
        mine = frame.filter(pl.col("subject").is_in(list(subjects)))
        for subject, fact in _of_family(family, mine, as_of=as_of, known_at=known_at):
            found[subject][fact.key] = fact
    for facts in found.values():
        facts.update((fact.key, fact) for fact in derived(facts))
    return found


def _of_family(family: Family, rows: pl.LazyFrame, *, as_of: date, known_at: datetime) -> Iterable[tuple[int, Made]]:
    summarised = features.summary(family, rows, as_of=as_of, known_at=known_at)
    if not summarised.height:
        return
    made_of = _batches(rows, as_of=as_of, known_at=known_at)
    for each, frame in zip(family.features, features.split(family.features, summarised), strict=True):
        for subject, observed, value, used in frame.iter_rows():
            yield (
                subject,
                Made(
                    each.key,
                    each.version,
                    _value(value),
                    observed,
                    family.source,
                    family.origin,
                    made_of[subject],
                    used,
                ),
            )


def _batches(rows: pl.LazyFrame, *, as_of: date, known_at: datetime) -> dict[int, tuple[int, ...]]:
    bounded = visible(rows, as_of=as_of, known_at=known_at)
    frame = bounded.group_by("subject").agg(pl.col("batch").unique()).collect()
    return {subject: tuple(sorted(found)) for subject, found in frame.iter_rows()}


def _value(value: Any) -> Value:
    if isinstance(value, list):
        return tuple(value)
    typed: Value = value
    return typed


def stored(datasets: Iterable[str], subjects: Sequence[int]) -> dict[str, pl.LazyFrame]:
    """data set → the stored rows of the buckets in which ``subjects`` lie; data sets without any are left out.

    Each row says from which day on its delivery reaches, ``covered_from``, as its batch has it.
    """
    found = {}
    for dataset in datasets:
        rows = parquet.scan(batches.stored_places(dataset, parquet.buckets_of(subjects)))
        if rows is not None:
            first = batches.first_days(dataset)
            covered = pl.col("batch").replace_strict(list(first), list(first.values()), return_dtype=pl.Date)
            found[dataset] = rows.with_columns(covered_from=covered)
    return found


def to_json(value: Value) -> Any:
    """A fact's value as JSON: days as ISO texts, tuples as lists."""
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple | frozenset) else value


def publish(facts: Facts, *, as_of: date, known_at: datetime, batch_id: int) -> Published:
    """Add the facts that are not stored yet and a profile version for every subject whose list of facts changed."""
    stored_facts = _stored_facts(facts, as_of)
    fresh = [
        (subject, fact)
        for subject, of_subject in facts.items()
        for fact in of_subject.values()
        if _signature(fact) not in stored_facts.get((subject, fact.key), {})
    ]
    rows = [_row(subject, fact, as_of, known_at) for subject, fact in fresh]
    ids = profiles.add_facts(rows, known_at)
    before = profiles.latest_versions(facts, as_of=as_of, exactly=True)
    versions = []
    for subject, of_subject in facts.items():
        listed = [
            ids.get((subject, key)) or stored_facts[(subject, key)][_signature(fact)]
            for key, fact in of_subject.items()
        ]
        if listed and (subject not in before or before[subject].fact_ids != sorted(listed)):
            versions.append(_version(subject, sorted(listed), as_of, known_at, batch_id))
    profiles.add_versions(versions)
    if versions:
        enqueue(PROFILES_JOB, {})
    return Published(len(rows), len(versions))


_Signature = tuple[Any, ...]


def _signature(fact: Made) -> _Signature:
    return (
        *(fact.version, _comparable(to_json(fact.value)), fact.observed_until),
        *(fact.source, fact.origin, fact.rows_used, fact.batches),
    )


def _comparable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _stored_facts(facts: Facts, as_of: date) -> dict[tuple[int, str], dict[_Signature, int]]:
    """(subject, key) → what is stored as of the day → its id."""
    found: dict[tuple[int, str], dict[_Signature, int]] = {}
    for row in profiles.facts_as_of(facts, as_of):
        signature = (
            *(row.version, _comparable(row.value), row.observed_until),
            *(row.source, row.origin, row.rows_used, tuple(row.batches)),
        )
        found.setdefault((row.subject_id, row.key), {})[signature] = row.id
    return found


def _row(subject: int, fact: Made, as_of: date, known_at: datetime) -> dict[str, Any]:
    return {
        "subject_id": subject,
        "key": fact.key,
        "version": fact.version,
        "as_of": as_of,
        "known_at": known_at,
        "value": to_json(fact.value),
        "observed_until": fact.observed_until,
        "source": fact.source,
        "origin": fact.origin,
        "rows_used": fact.rows_used,
        "batches": list(fact.batches),
    }


def _version(subject: int, listed: list[int], as_of: date, known_at: datetime, batch_id: int) -> dict[str, Any]:
    return {
        "public_id": public_id(),
        "subject_id": subject,
        "as_of": as_of,
        "known_at": known_at,
        "batch_id": batch_id,
        "fact_ids": listed,
    }
