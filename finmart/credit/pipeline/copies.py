"""A profile as a document its subject may take away."""

from collections.abc import Mapping

from finmart.credit.pipeline.facts import to_json
from finmart.credit.types.values import Profile


def download(profile: Profile) -> Mapping[str, object]:
    """The profile as a JSON document for its subject: every fact with both bounds, declarations, reads."""
    return {
        "version": profile.version_public_id,
        "subject": {"id": profile.subject_public_id, "name": profile.name, "kind": profile.kind},
        "as_of": profile.as_of.isoformat(),
        "known_at": profile.known_at.isoformat(),
        "facts": [
            {
                "key": fact.key,
                "version": fact.version,
                "value": to_json(fact.value),
                "as_of": fact.as_of.isoformat(),
                "known_at": fact.known_at.isoformat(),
                "observed_until": fact.observed_until.isoformat() if fact.observed_until else None,
                "source": fact.source,
                "origin": fact.origin,
                "batches": list(fact.batches),
                "rows_used": fact.rows_used,
            }
            for fact in profile.facts.values()
        ],
        "unreadable": sorted(profile.unreadable),
        "declared": [
            {"key": one.key, "value": to_json(one.value), "declared_at": one.declared_at.isoformat()}
            for one in profile.declared
        ],
        "reads": [
            {
                "at": one.at.isoformat(),
                "reader": one.reader_zh,
                "purpose": one.purpose,
                "basis": one.basis,
                "receipt": one.receipt,
            }
            for one in profile.accesses
        ],
    }
