"""Short names of the criteria, as forms, results and refusals say them."""

from collections.abc import Mapping

from finmart.platform.kernel.messages import N_

#: Criterion → its short name.
LABELS: Mapping[str, str] = {
    "verdict": N_("准入结论"),
    "not_met": N_("不符合的条件"),
    "fit": N_("合适程度"),
    "amount_short": N_("金额缺口"),
    "term_short": N_("期限缺口"),
    "unknown": N_("缺资料的条件"),
    "words": N_("须确认的条件"),
    "cost": N_("综合年化成本"),
    "preference": N_("未达到的优先条件"),
    "evidence": N_("来源可靠程度"),
    "connected": N_("机构是否入驻"),
    "speed": N_("审批天数"),
    "sum": N_("加权合计"),
    "turn": N_("轮流的次序"),
}
