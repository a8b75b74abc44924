"""What is counted of demands and of applications, each with its exact meaning (口径).

Sources: official_indicators.csv D01 and D02 (demands, amount), and the steps of ``leads``. Every figure is a count of
cases, so that it opens to them; shares are worked out from two counts and never stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from finmart.platform.kernel.messages import N_


class Stage(StrEnum):
    """How far a demand came, and how it stands. A demand is counted in every stage that it reached."""

    DEMANDS = "demands"
    MATCHED = "matched"
    ANSWERED = "answered"
    CONTACTED = "contacted"
    DECIDED = "decided"
    APPROVED = "approved"
    ACCEPTED = "accepted"
    FUNDED = "funded"
    OPEN = "open"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    UNANSWERED = "unanswered"


#: The stages of the funnel, in order; each is stated beside the number of demands.
FUNNEL = (
    Stage.DEMANDS,
    Stage.MATCHED,
    Stage.ANSWERED,
    Stage.CONTACTED,
    Stage.DECIDED,
    Stage.APPROVED,
    Stage.ACCEPTED,
    Stage.FUNDED,
)
#: How demands stand now; these add up to the demands. A funded one is the funnel's last stage.
STANDS = (Stage.OPEN, Stage.FUNDED, Stage.DECLINED, Stage.WITHDRAWN, Stage.EXPIRED)


class LeadStage(StrEnum):
    """How far an application at an institution came."""

    RECEIVED = "received"
    CONTACTED = "contacted"
    CONTACTED_IN_TIME = "contacted_in_time"
    DECIDED = "decided"
    DECIDED_IN_TIME = "decided_in_time"
    APPROVED = "approved"
    DECLINED = "declined"
    FUNDED = "funded"


class Days(StrEnum):
    """What is timed, in working days."""

    CONTACT = "contact"
    OPINION = "opinion"
    DECISION = "decision"
    DRAW_DOWN = "draw_down"


class Dimension(StrEnum):
    """By what figures are split."""

    DISTRICT = "district"
    INDUSTRY = "industry"
    SIZE = "size"
    KIND = "kind"
    INSTITUTION = "institution"
    PRODUCT_TYPE = "product_type"
    REASON = "reason"


#: By what demands may be split; an application also by institution, product type and, when declined, by reason.
OF_DEMANDS = (Dimension.DISTRICT, Dimension.INDUSTRY, Dimension.SIZE, Dimension.KIND)
OF_LEADS = (*OF_DEMANDS, Dimension.INSTITUTION, Dimension.PRODUCT_TYPE, Dimension.REASON)

DIMENSION_WORDS: Mapping[str, str] = {
    Dimension.DISTRICT: N_("按区县"),
    Dimension.INDUSTRY: N_("按行业"),
    Dimension.SIZE: N_("按企业规模"),
    Dimension.KIND: N_("按申请人类型"),
    Dimension.INSTITUTION: N_("按机构"),
    Dimension.PRODUCT_TYPE: N_("按产品类型"),
    Dimension.REASON: N_("按不予通过的原因"),
}


@dataclass(frozen=True)
class Meaning:
    """A figure in words: its name, and exactly what it counts."""

    name: str
    basis: str


STAGE_TEXTS: Mapping[str, Meaning] = {
    Stage.DEMANDS: Meaning(
        N_("融资需求"),
        N_("期间内发布的需求，每条计一次，草稿不计；金额为申请人填写的需求金额。同一申请人的多条需求不合并。"),
    ),
    Stage.MATCHED: Meaning(
        N_("有合适产品"),
        N_("最近一次匹配至少有一个产品：能核对的条件全部符合，金额、期限、担保都有说明且合适。"),
    ),
    Stage.ANSWERED: Meaning(N_("有机构响应"), N_("至少有一家机构表示有意向，或登记了联系上申请人。")),
    Stage.CONTACTED: Meaning(N_("已联系"), N_("至少有一家机构登记了联系上申请人。")),
    Stage.DECIDED: Meaning(N_("已有决定"), N_("至少有一家机构批准或以编码原因不予通过；已更正的决定不计。")),
    Stage.APPROVED: Meaning(N_("已批准"), N_("至少有一家机构批准；金额为批准金额，由机构填报。")),
    Stage.ACCEPTED: Meaning(N_("申请人接受"), N_("申请人接受了一家机构批准的条件。")),
    Stage.FUNDED: Meaning(N_("已放款"), N_("机构登记已放款；金额为放款金额，由机构填报，平台未与资金流水核对。")),
    Stage.OPEN: Meaning(N_("进行中"), N_("统计时还没有结束的需求。")),
    Stage.DECLINED: Meaning(N_("未获批准结束"), N_("有机构不予通过、之后没有机构在办理而结束的需求。")),
    Stage.WITHDRAWN: Meaning(N_("已撤回"), N_("申请人撤回的需求，单独列出，不从需求总数中扣除。")),
    Stage.EXPIRED: Meaning(N_("已到期"), N_("到期时没有机构在办理、也没有被拒绝过的需求。")),
    Stage.UNANSWERED: Meaning(N_("无人响应"), N_("进行中、还没有任何机构表示意向或联系上申请人的需求。")),
}

LEAD_STAGE_TEXTS: Mapping[str, Meaning] = {
    LeadStage.RECEIVED: Meaning(N_("收到的申请"), N_("申请人直接申请，或同意联系后转入的申请，每家机构计一次。")),
    LeadStage.CONTACTED: Meaning(N_("已联系"), N_("机构登记联系上申请人的申请。")),
    LeadStage.CONTACTED_IN_TIME: Meaning(N_("按时联系"), N_("在联系时限（默认收到后1个工作日）内联系上的申请。")),
    LeadStage.DECIDED: Meaning(N_("已决定"), N_("批准或不予通过的申请；已更正的决定不计。")),
    LeadStage.DECIDED_IN_TIME: Meaning(
        N_("按时决定"), N_("在决定时限（默认收到后5个工作日）内决定的申请，等待申请人补材料的天数不计。")
    ),
    LeadStage.APPROVED: Meaning(N_("已批准"), N_("批准的申请；金额为批准金额，由机构填报。")),
    LeadStage.DECLINED: Meaning(N_("不予通过"), N_("以编码原因不予通过的申请。")),
    LeadStage.FUNDED: Meaning(N_("已放款"), N_("机构登记已放款的申请；金额为放款金额，由机构填报。")),
}

DAYS_TEXTS: Mapping[str, Meaning] = {
    Days.CONTACT: Meaning(N_("收到到联系"), N_("从收到申请到第一次联系上的工作日数。")),
    Days.OPINION: Meaning(N_("收到到初步意见"), N_("从收到申请到初步意见的工作日数，等待申请人补材料的天数不计。")),
    Days.DECISION: Meaning(
        N_("收到到决定"), N_("从收到申请到最后一次有效决定的工作日数，等待申请人补材料的天数不计。")
    ),
    Days.DRAW_DOWN: Meaning(N_("批准到放款"), N_("从批准到放款的工作日数。")),
}
