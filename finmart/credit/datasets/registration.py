"""Registration: one row is the state of a subject in the register on a day (``数据日期``); the latest one counts."""

from finmart.credit.datasets.contract import Assertion, Column, DataSet, FileContract, Kind, Measure, Role
from finmart.credit.datasets.parties import CONSENT_COLUMN, KIND_CHOICES, SCHEME_COLUMN, SUBJECT_COLUMN

_STATUS = {
    "存续": "active",
    "在业": "active",
    "吊销": "revoked",
    "注销": "deregistered",
    "active": "active",
    "revoked": "revoked",
    "deregistered": "deregistered",
}

REGISTRATION = DataSet(
    name="registration",
    label_zh="登记信息",
    label_en="registration",
    source="market_registration",
    purpose_zh="确认主体身份和准入条件中的成立年限、行业、规模、资质",
    purpose_en="Identity of the subject, and age, industry, size and qualifications in admission conditions",
    files=(
        FileContract(
            stem="registration",
            label_zh="登记信息",
            label_en="registration",
            columns=(
                SUBJECT_COLUMN,
                SCHEME_COLUMN,
                Column("name", "名称", Kind.TEXT, stored=False),
                Column("kind", "主体类型", Kind.CHOICE, choices=KIND_CHOICES),
                Column("date", "数据日期", Kind.DATE),
                Column("established_on", "成立日期", Kind.DATE, required=False),
                Column("industry", "行业代码", Kind.CODE, required=False),
                Column("region", "登记地", Kind.CODE, required=False),
                Column("registered_capital", "注册资本", Kind.MONEY, required=False),
                Column("employees", "从业人员", Kind.COUNT, required=False),
                Column("total_assets", "资产总额", Kind.MONEY, required=False, optional=True, consent=True),
                Column("status", "登记状态", Kind.CHOICE, required=False, choices=_STATUS),
                Column("qualifications", "资质", Kind.CODES, required=False, optional=True),
                CONSENT_COLUMN,
            ),
            role=Role.ROWS,
        ),
    ),
    landing_days=365,
    retention_days=10 * 365,
    date_column="date",
    assertions=(
        Assertion(Measure.ROWS, "至少有一行登记信息", "at least one row", least=1),
        Assertion(Measure.QUARANTINED_SHARE, "隔离的行不超过 5%", "at most 5 % of rows quarantined", most=50_000),
    ),
)
