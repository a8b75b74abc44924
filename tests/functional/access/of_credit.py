"""Access of the endpoints of ``finmart.credit``."""

from tests.functional.access.rows import Call, Row, first, row

OWN = "own:profile:read"
BATCHES = "all:batches:read"
QUARANTINE = "all:quarantine:read"

A_BATCH = first("SELECT public_id FROM credit_batch ORDER BY id LIMIT 1")
A_ROW = first("SELECT public_id FROM credit_quarantined_row ORDER BY id LIMIT 1")
AN_OPEN_ROW = first("SELECT public_id FROM credit_quarantined_row WHERE handled_at IS NULL ORDER BY id LIMIT 1")

ROWS: dict[str, Row] = {
    "credit.profile": row(OWN, Call(role="applicant_owner"), Call(role="applicant_member")),
    "credit.download": row(OWN, Call(role="applicant_owner")),
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
