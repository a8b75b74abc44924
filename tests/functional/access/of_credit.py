"""Access of the endpoints of ``finmart.credit``."""

from tests.functional.access.rows import Call, Row, first, row

OWN = "own:profile:read"
BATCHES = "all:batches:read"
QUARANTINE = "all:quarantine:read"
CONSENTS = "own:consents:manage"
GRANTED = "granted:profiles:read"

A_BATCH = first("SELECT public_id FROM credit_batch ORDER BY id LIMIT 1")
A_ROW = first("SELECT public_id FROM credit_quarantined_row ORDER BY id LIMIT 1")
AN_OPEN_ROW = first("SELECT public_id FROM credit_quarantined_row WHERE handled_at IS NULL ORDER BY id LIMIT 1")
OWN_CONSENT = first(
    "SELECT public_id FROM consent WHERE organisation_id = :organisation AND revoked_at IS NULL ORDER BY id LIMIT 1"
)
GIVEN_CONSENT = first(
    "SELECT public_id FROM consent WHERE institution_id = :organisation AND revoked_at IS NULL ORDER BY id LIMIT 1"
)
A_READER = first(
    "SELECT public_id FROM organisation WHERE kind = 'institution' AND qualified_until IS NOT NULL ORDER BY id LIMIT 1"
)
GRANT = {
    "scopes": "registration",
    "purpose": "loan_review",
    "days": "90",
    "agreed": "y",
}

ROWS: dict[str, Row] = {
    "credit.profile": row(OWN, Call(role="applicant_owner"), Call(role="applicant_member")),
    "credit.download": row(OWN, Call(role="applicant_owner")),
    "credit.consents": row(CONSENTS, Call(role="applicant_owner"), Call(role="applicant_member")),
    "credit.new_consent": row(
        CONSENTS,
        Call(role="applicant_owner"),
        Call(role="applicant_owner", query={"institution": A_READER}),
        Call(role="applicant_owner", method="POST", query={"institution": A_READER}, form=GRANT),
    ),
    "credit.consent": row(CONSENTS, Call(role="applicant_owner", values={"public_id": OWN_CONSENT})),
    "credit.revoke_consent": row(
        CONSENTS,
        Call(role="applicant_owner", method="POST", values={"public_id": OWN_CONSENT}, form={"reason": "done"}),
    ),
    "credit.granted_profiles": row(GRANTED, Call(role="institution_clerk"), Call(role="institution_admin")),
    "credit.granted_profile": row(
        GRANTED,
        Call(role="institution_clerk", values={"public_id": GIVEN_CONSENT}),
        Call(role="institution_admin", values={"public_id": GIVEN_CONSENT}),
    ),
    "credit.batches": row(BATCHES, Call(role="operator"), Call(role="operator", query={"dataset": "tax"})),
    "credit.batch": row(BATCHES, Call(role="operator", values={"public_id": A_BATCH})),
    "credit.quarantine": row(QUARANTINE, Call(role="operator"), Call(role="operator", query={"show": "all"})),
    "credit.quarantine_csv": row(QUARANTINE, Call(role="operator"), Call(role="operator", query={"batch": A_BATCH})),
    "credit.quarantined": row(QUARANTINE, Call(role="operator", values={"public_id": A_ROW})),
    "credit.handle": row(
        "all:quarantine:handle",
        Call(
            role="operator",
            method="POST",
            values={"public_id": AN_OPEN_ROW},
            form={"note": "已请提供单位更正，将随下一批重新提供。"},
        ),
    ),
}
