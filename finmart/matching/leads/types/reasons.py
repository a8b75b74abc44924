"""Coded reasons: why an institution declines or passes, each with what the applicant can do about it (promise 3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from finmart.platform.kernel.messages import N_

#: A reason that says nothing by itself needs words beside it.
OTHER = "other"
MIN_NOTE = 10
MAX_NOTE = 1000


@dataclass(frozen=True)
class DeclineReason:
    """``words`` say why; ``repair`` what to do about it; ``endpoint`` is the page where that is done, if one is."""

    words: str
    repair: str
    endpoint: str = ""
    #: Whether the applicant can change it at all.
    fixable: bool = True


DECLINE_REASONS: Mapping[str, DeclineReason] = MappingProxyType(
    {
        "condition_not_met": DeclineReason(
            N_("不符合产品的准入条件"),
            N_("在匹配结果里查看没有满足的条件，补充能证明的资料，或换一个条件符合的产品。"),
            "matching.declared",
        ),
        "operating_years": DeclineReason(
            N_("经营年限不够"), N_("经营年限达到要求后可以再申请；现在可以看不限年限的产品。"), "products.shelf", False
        ),
        "tax_record": DeclineReason(
            N_("纳税情况不符合要求"),
            N_("核对档案中的纳税数据；数据有误请提出异议，补缴后更新档案再申请。"),
            "credit.profile",
        ),
        "credit_record": DeclineReason(
            N_("信用记录不符合要求"),
            N_("可向征信机构免费查询本人或本企业报告；记录有误请提出异议，已结清的请提供证明。"),
            "credit.profile",
        ),
        "cash_flow": DeclineReason(
            N_("经营流水不足以覆盖还款"),
            N_("可以减小金额、延长期限，或补充其他经营流水后再申请。"),
            "matching.new_demand",
        ),
        "debt_level": DeclineReason(
            N_("现有负债偏高"), N_("可以先归还部分负债，减小金额，或了解续贷和转贷产品。"), "products.shelf"
        ),
        "guarantee_insufficient": DeclineReason(
            N_("担保不足"), N_("可以增加抵押、质押或保证，或了解政府性融资担保。"), "products.shelf"
        ),
        "amount_or_term": DeclineReason(
            N_("金额或期限不在产品范围内"),
            N_("调整金额或期限后再申请，或换一个范围合适的产品。"),
            "matching.new_demand",
        ),
        "industry": DeclineReason(N_("行业不在产品支持范围内"), N_("查看支持本行业的产品。"), "products.shelf", False),
        "region": DeclineReason(N_("所在地区不在服务范围内"), N_("查看服务本地区的产品。"), "products.shelf", False),
        "purpose": DeclineReason(
            N_("资金用途不清楚或不符合规定"), N_("写明用途并准备合同、订单等证明后再申请。"), "matching.new_demand"
        ),
        "materials_incomplete": DeclineReason(
            N_("材料不齐"), N_("按机构列出的清单补齐材料后再申请。"), "matching.applications"
        ),
        "materials_inconsistent": DeclineReason(
            N_("材料与核实的情况不一致"), N_("核对材料和申报的信息，更正后再申请。"), "matching.declared"
        ),
        "cannot_reach": DeclineReason(
            N_("多次联系不上申请人"), N_("核对账户里的手机号，再次申请时留意来电。"), "accounts.settings"
        ),
        "existing_loan": DeclineReason(
            N_("在本机构已有同类融资"), N_("可以与本机构商谈续贷或增额，或申请其他机构的产品。"), "products.shelf"
        ),
        "quota_used_up": DeclineReason(
            N_("本机构这一产品的额度已用完"),
            N_("这不是您的问题；可以申请其他机构的同类产品。"),
            "products.shelf",
            False,
        ),
        OTHER: DeclineReason(N_("其他原因（见机构的说明）"), N_("按机构的说明处理，有疑问可以在问答里询问机构。")),
    }
)

#: Why an institution leaves a demand to others before it has seen who it is.
PASS_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "not_our_business": N_("不属于本机构的业务"),
        "region": N_("所在地区不在服务范围内"),
        "industry": N_("行业不在产品支持范围内"),
        "amount_or_term": N_("金额或期限不在产品范围内"),
        "no_capacity": N_("近期无法及时办理"),
        "quota_used_up": N_("本机构这一产品的额度已用完"),
    }
)

#: Why an applicant does not go on with an institution.
REFUSE_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "cost": N_("成本太高"),
        "amount": N_("金额不够"),
        "term": N_("期限不合适"),
        "other_chosen": N_("已选择其他机构"),
        "not_needed": N_("不再需要"),
        OTHER: N_("其他原因"),
    }
)

#: What follows from time or from another step.
HOUSE_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "no_answer_in_time": N_("在规定时间内没有答复"),
        "institution_silent": N_("机构逾期没有办理"),
        "materials_not_handed_in": N_("材料在规定时间内没有交齐，按现有材料审查"),
        "funded_elsewhere": N_("需求已在另一家机构放款"),
        "demand_withdrawn": N_("申请人撤回了需求"),
        "demand_ended": N_("需求已经结束"),
        "not_needed": N_("不再等待"),
    }
)

HANDOVER_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "absence": N_("我休假或离岗"),
        "workload": N_("我手上的申请办不过来"),
        "product": N_("这类产品由这位同事负责"),
        "region": N_("这个地区由这位同事负责"),
        "conflict": N_("我与申请人有利害关系，需要回避"),
    }
)
