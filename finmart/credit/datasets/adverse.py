"""Adverse records: listed, penalised or judged on a day, perhaps ended on another.

``无记录`` says that a subject was looked up on that day and nothing was found: only with such a row is the absence of
records known. Of persons a record goes five years after it ended (征信业管理条例 16).
"""

from finmart.credit.datasets.contract import Assertion, Column, DataSet, FileContract, Kind, Measure
from finmart.credit.datasets.parties import SCHEME_COLUMN, SUBJECT_COLUMN

ABNORMAL = "abnormal_operations"
SERIOUS = "serious_violations"
JUDGMENT = "judgment_debtor"
PENALTY = "administrative_penalty"
NONE = "none"

_RECORDS = {
    "经营异常": ABNORMAL,
    "严重违法失信": SERIOUS,
    "失信被执行人": JUDGMENT,
    "行政处罚": PENALTY,
    "无记录": NONE,
    ABNORMAL: ABNORMAL,
    SERIOUS: SERIOUS,
    JUDGMENT: JUDGMENT,
    PENALTY: PENALTY,
    NONE: NONE,
}

ADVERSE = DataSet(
    name="adverse",
    label_zh="不良信息",
    label_en="adverse records",
    source="adverse_records",
    purpose_zh="核对准入条件中的经营异常、失信和行政处罚",
    purpose_en="Abnormal operations, dishonesty and penalties in admission conditions",
    files=(
        FileContract(
            stem="adverse",
            label_zh="不良信息",
            label_en="adverse records",
            columns=(
                SUBJECT_COLUMN,
                SCHEME_COLUMN,
                Column("record", "记录类型", Kind.CHOICE, choices=_RECORDS),
                Column("date", "日期", Kind.DATE),
                Column("ended_on", "结束日期", Kind.DATE, required=False),
                Column("document", "文号", Kind.CODE, required=False, optional=True),
            ),
        ),
    ),
    landing_days=180,
    retention_days=5 * 365,
    date_column="date",
    assertions=(
        Assertion(Measure.ROWS, "至少有一行记录", "at least one row", least=1),
        Assertion(Measure.QUARANTINED_SHARE, "隔离的行不超过 5%", "at most 5 % of rows quarantined", most=50_000),
    ),
)
