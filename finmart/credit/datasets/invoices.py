"""VAT invoices: a list of firms, their purchases (input) and their sales (output), one row an invoice line.

``企业名称`` becomes the subject's name and never enters Parquet. ``信誉评级`` and ``是否违约`` are a lender's
verdict on the firm (grade D *means* default): they are never read, because a fact made of them would predict itself.
"""

from finmart.credit.datasets.contract import Assertion, Column, DataSet, FileContract, Kind, Measure, Role
from finmart.credit.datasets.parties import KIND_CHOICES, SCHEME_COLUMN

VALID, VOIDED = "valid", "voided"
#: Two decimals of amount, tax and total are rounded apart; more than this apart (分) the three do not belong together.
SUM_TOLERANCE = 2

_STATUS = {"有效发票": VALID, "作废发票": VOIDED}


def _lines(stem: str, label_zh: str, label_en: str, party_header: str, *, sale: bool) -> FileContract:
    return FileContract(
        stem=stem,
        label_zh=label_zh,
        label_en=label_en,
        columns=(
            Column("subject_code", "企业代号", Kind.CODE, stored=False),
            Column("number", "发票号码", Kind.CODE),
            Column("date", "开票日期", Kind.DATE),
            Column("party", party_header, Kind.CODE, pseudonym=True),
            Column("amount", "金额", Kind.MONEY),
            Column("tax", "税额", Kind.MONEY),
            Column("total", "价税合计", Kind.MONEY),
            Column("status", "发票状态", Kind.CHOICE, choices=_STATUS),
        ),
        constants={"sale": sale},
    )


ENTERPRISES = FileContract(
    stem="enterprises",
    label_zh="企业名单",
    label_en="list of firms",
    columns=(
        Column("subject_code", "企业代号", Kind.CODE, stored=False),
        Column("name", "企业名称", Kind.TEXT, stored=False),
        Column("kind", "主体类型", Kind.CHOICE, required=False, optional=True, choices=KIND_CHOICES, stored=False),
        SCHEME_COLUMN,
    ),
    role=Role.SUBJECTS,
    ignored=("信誉评级", "是否违约"),
)

INVOICES = DataSet(
    name="invoices",
    label_zh="增值税发票",
    label_en="VAT invoices",
    source="vat_invoices",
    purpose_zh="计算主体的经营事实，用于本人查看、本人需求的匹配和经授权的授信参考",
    purpose_en="Business facts of the subject: for its own view, its own demands, and lenders it authorises",
    files=(
        ENTERPRISES,
        _lines("input_invoices", "进项发票", "purchase invoices", "销方单位代号", sale=False),
        _lines("output_invoices", "销项发票", "sales invoices", "购方单位代号", sale=True),
    ),
    landing_days=180,
    retention_days=5 * 365,
    date_column="date",
    assertions=(
        Assertion(Measure.ROWS, "至少有一行发票", "at least one invoice line", least=1),
        Assertion(Measure.FILES_WITHOUT_ROWS, "进项和销项文件都有数据", "both invoice files have rows", most=0),
        Assertion(Measure.QUARANTINED_SHARE, "隔离的行不超过 1%", "at most 1 % of rows quarantined", most=10_000),
        Assertion(
            Measure.DUPLICATE_SHARE, "文件内重复的行不超过 10%", "at most 10 % duplicates in a file", most=100_000
        ),
        Assertion(
            Measure.SUM_MISMATCH_SHARE,
            "金额与税额之和同价税合计不符的行不超过 0.1%",
            "amount plus tax differs from the total in at most 0.1 % of rows",
            most=1_000,
        ),
    ),
    row_key=("number", "sale"),
    tells_income=True,
)
