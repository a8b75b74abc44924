"""The life of a batch, the reasons for quarantine, and the bases on which a profile is read."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from finmart.platform.kernel.messages import N_


class BatchState(StrEnum):
    """received → published, or received → failed; both ends are final."""

    RECEIVED = "received"
    PUBLISHED = "published"
    FAILED = "failed"


BATCH_STATE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        BatchState.RECEIVED: N_("处理中"),
        BatchState.PUBLISHED: N_("已发布"),
        BatchState.FAILED: N_("未通过"),
    }
)


class Fault(StrEnum):
    """Why a row was set aside; each code has one sentence that says what to do."""

    BLANK = "blank"
    NOT_A_DATE = "not_a_date"
    NOT_MONEY = "not_money"
    NOT_A_COUNT = "not_a_count"
    NOT_A_CHOICE = "not_a_choice"
    IN_THE_FUTURE = "in_the_future"
    SUBJECT_UNKNOWN = "subject_unknown"
    IDENTIFIER_INVALID = "identifier_invalid"
    LISTED_TWICE = "listed_twice"
    CONSENT_MISSING = "consent_missing"
    WORLDS_MIXED = "worlds_mixed"


#: Faults whose cell may not be kept anywhere: keeping it is the very thing that was not allowed.
WITHHELD = frozenset({Fault.CONSENT_MISSING})


#: code → sentence; parameters: file, row, column.
FAULT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        Fault.BLANK: N_("{file} 第 {row} 行：“{column}”没有填写。请补填后随下一批重新提供。"),
        Fault.NOT_A_DATE: N_("{file} 第 {row} 行：“{column}”不是日期。请写成 2020/2/21 或 2020-02-21。"),
        Fault.NOT_MONEY: N_("{file} 第 {row} 行：“{column}”不是金额。请只写数字，最多两位小数，单位为元。"),
        Fault.NOT_A_COUNT: N_("{file} 第 {row} 行：“{column}”不是整数。请只写数字。"),
        Fault.NOT_A_CHOICE: N_("{file} 第 {row} 行：“{column}”不在约定的取值之内。请按数据约定更正。"),
        Fault.IN_THE_FUTURE: N_("{file} 第 {row} 行：“{column}”晚于收到数据的日期。请核对日期。"),
        Fault.SUBJECT_UNKNOWN: N_(
            "{file} 第 {row} 行：“{column}”不是平台已知的主体。请先导入登记信息，再重新提供该行。"
        ),
        Fault.IDENTIFIER_INVALID: N_("{file} 第 {row} 行：“{column}”不是有效的标识。请核对编号与校验位。"),
        Fault.LISTED_TWICE: N_("{file} 第 {row} 行：“{column}”在前面已经出现且内容不同。请确认以哪一行为准。"),
        Fault.CONSENT_MISSING: N_("{file} 第 {row} 行：个人的“{column}”须经本人书面同意才能归集。请补交书面同意日期。"),
        Fault.WORLDS_MIXED: N_(
            "{file} 第 {row} 行：“{column}”所指的主体与本批数据一个是演示、一个是真实，不能混在一起。"
            "请核对编号与导入方式。"
        ),
    }
)


class Basis(StrEnum):
    """Why somebody may read a profile."""

    OWN = "own"
    DEMONSTRATION = "demonstration"
    SYSTEM = "system"
    CONSENT = "consent"


BASIS_WORDS: Mapping[str, str] = MappingProxyType(
    {
        Basis.OWN: N_("本人或本单位查看"),
        Basis.DEMONSTRATION: N_("演示数据"),
        Basis.SYSTEM: N_("平台批量计算"),
        Basis.CONSENT: N_("经授权查看"),
    }
)

#: Some subject has a newer profile; whoever keeps something that was made of the one before looks again.
PROFILES_JOB = "credit.profiles_published"

PURPOSE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "view": N_("查看档案"),
        "download": N_("下载档案"),
        "match": N_("为本人的需求匹配产品"),
        "result": N_("查看匹配结果所用的数据"),
        "recommendation": N_("整理今天可以了解的产品"),
        "declared": N_("把填报与共享数据对照"),
        "match_everyone": N_("批量匹配与统计"),
        "prospects": N_("演示样本中的准入筛选"),
        "prospects_counted": N_("统计符合产品条件的主体数量"),
        "prospects_found": N_("为机构列出允许被找到的主体"),
        "inspect": N_("运营检查"),
        "peers": N_("计算同业分布"),
    }
)
