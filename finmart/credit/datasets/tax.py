"""Tax: one row is a published grade, a payment, a year's revenue, or a statement of arrears, each with its day.

A person's amounts are kept only with the day of the written consent (征信业管理条例 14). Grades are the tax
authority's; the platform never makes one.
"""

from finmart.credit.datasets.contract import Assertion, Column, DataSet, FileContract, Kind, Measure
from finmart.credit.datasets.parties import CONSENT_COLUMN, SCHEME_COLUMN, SUBJECT_COLUMN

GRADE, PAYMENT, REVENUE, ARREARS = "grade", "payment", "revenue", "arrears"

_RECORDS = {
    "纳税信用级别": GRADE,
    "缴纳税款": PAYMENT,
    "营业收入": REVENUE,
    "欠税": ARREARS,
    GRADE: GRADE,
    PAYMENT: PAYMENT,
    REVENUE: REVENUE,
    ARREARS: ARREARS,
}
_GRADES = {grade: grade for grade in "ABMCD"}

TAX = DataSet(
    name="tax",
    label_zh="纳税信息",
    label_en="tax",
    source="tax_authority",
    purpose_zh="核对准入条件中的纳税信用级别、纳税额、营业收入和欠税",
    purpose_en="Tax grade, tax paid, revenue and arrears in admission conditions",
    files=(
        FileContract(
            stem="tax",
            label_zh="纳税信息",
            label_en="tax records",
            columns=(
                SUBJECT_COLUMN,
                SCHEME_COLUMN,
                Column("record", "记录类型", Kind.CHOICE, choices=_RECORDS),
                Column("date", "日期", Kind.DATE),
                Column("year", "所属年度", Kind.COUNT, required=False, optional=True),
                Column("grade", "级别", Kind.CHOICE, required=False, choices=_GRADES),
                Column("amount", "金额", Kind.MONEY, required=False, consent=True),
                CONSENT_COLUMN,
            ),
        ),
    ),
    landing_days=180,
    retention_days=5 * 365,
    date_column="date",
    assertions=(
        Assertion(Measure.ROWS, "至少有一行纳税信息", "at least one row", least=1),
        Assertion(Measure.QUARANTINED_SHARE, "隔离的行不超过 5%", "at most 5 % of rows quarantined", most=50_000),
    ),
)
