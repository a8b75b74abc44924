"""The catalogue's codes in Chinese and English words (the field's standard terms)."""

from collections.abc import Mapping
from typing import NamedTuple

from finmart.reference.repayment import LABELS as METHODS


class Label(NamedTuple):
    """One code in words."""

    zh: str
    en: str


Labels = Mapping[str, Label]

#: The code of whatever the source says nothing about: never mixed with "no" or zero.
NOT_STATED = "not_stated"

PRODUCT_TYPES: Labels = {
    "credit_loan": Label("信用及流动资金贷款", "Business credit loan"),
    "tax_loan": Label("税务贷款", "Tax-based loan"),
    "mortgage_loan": Label("抵押贷款", "Mortgage loan"),
    "pledge_loan": Label("质押贷款", "Pledge loan"),
    "guarantee": Label("融资担保", "Financing guarantee"),
    "insurance": Label("保险", "Insurance"),
    "agri": Label("涉农贷款", "Agricultural loan"),
    "startup": Label("创业贷款", "Startup loan"),
    "green": Label("绿色金融", "Green finance"),
    "ip_pledge": Label("知识产权质押", "IP pledge"),
    "order": Label("订单与政府采购融资", "Order and procurement finance"),
    "supply_chain": Label("供应链金融", "Supply-chain finance"),
    "receivable": Label("应收账款融资", "Receivables finance"),
    "factoring": Label("商业保理", "Factoring"),
    "inventory": Label("存货与仓单融资", "Inventory finance"),
    "leasing": Label("融资租赁", "Leasing"),
    "pawn": Label("典当", "Pawn loan"),
    "refinance_bridge": Label("转贷（过桥）", "Bridge refinancing"),
    "equity": Label("股权融资", "Equity"),
}

#: Other words by which people look for a type; they are searched and never shown.
TYPE_WORDS: Mapping[str, str] = {
    "tax_loan": "税贷 银税 纳税 税务 发票",
    "mortgage_loan": "抵押 抵押贷款 房产抵押",
    "guarantee": "担保 增信 保函 担保公司",
    "insurance": "保险 保证保险 保费",
    "agri": "农户 农业 三农 农民 涉农 种植 养殖 合作社",
    "startup": "创业 初创 孵化",
    "green": "绿色 生态 低碳 碳",
    "ip_pledge": "知识产权 专利 商标 质押",
    "order": "订单 政采 政府采购 中标",
    "supply_chain": "供应链 核心企业 上下游",
    "receivable": "应收账款 应收款",
    "factoring": "保理 应收账款",
    "inventory": "仓单 存货 库存",
    "leasing": "租赁 设备 直租 回租",
    "pawn": "典当 当铺 当金",
    "refinance_bridge": "过桥 倒贷 转贷 续贷",
    "equity": "股权 股权投资 引导基金 上市",
}

INSTITUTION_KINDS: Labels = {
    "bank": Label("银行", "Bank"),
    "private_bank": Label("民营银行", "Private bank"),
    "rural_bank": Label("农商银行", "Rural commercial bank"),
    "village_bank": Label("村镇银行", "Village bank"),
    "government_fund": Label("政府风险补偿项目", "Government-backed programme"),
    "guarantor": Label("融资担保机构", "Guarantor"),
    "insurer": Label("保险机构", "Insurer"),
    "fund": Label("基金与周转金", "Fund"),
    "microloan": Label("小额贷款公司", "Microloan company"),
    "leasing": Label("融资租赁公司", "Leasing company"),
    "factoring": Label("商业保理公司", "Factoring company"),
    "pawnshop": Label("典当行", "Pawnshop"),
    "credit_service": Label("信用与金融科技服务机构", "Credit and fintech service"),
    "exchange": Label("区域性股权市场", "Regional equity market"),
}

LEVELS: Labels = {
    "national": Label("全国性", "National"),
    "provincial": Label("省级", "Provincial"),
    "municipal": Label("市级", "Municipal"),
    "county": Label("县级", "County"),
    "branch": Label("分支机构", "Branch"),
}

SUBJECT_KINDS: Labels = {
    "enterprise": Label("企业", "Enterprises"),
    "individual_business": Label("个体工商户", "Sole traders"),
    "farmer": Label("农户", "Farmers"),
    "cooperative": Label("合作社", "Co-operatives"),
    "person": Label("个人", "Residents"),
}

GUARANTEE_MODES: Labels = {
    "credit": Label("信用", "Unsecured"),
    "joint": Label("连带责任", "Joint liability"),
    "guarantee": Label("保证或担保", "Guarantee"),
    "pledge": Label("质押", "Pledge"),
    "mortgage": Label("抵押", "Mortgage"),
}

REPAYMENT_MODES: Labels = {
    **{method.value: Label(*words) for method, words in METHODS.items()},
    # Words of the sources that name none of the methods plainly stay as they are.
    "定期付息到期还本": Label("定期付息、到期还本", "Interest at intervals, principal at the end"),
    "按季付息": Label("按季付息", "Quarterly interest"),
    "分期还本付息": Label("分期还本付息", "Instalments of principal and interest"),
    "分期还款": Label("分期还款", "Instalments"),
    "分期": Label("分期", "Instalments"),
    "每年还本1%": Label("每年还本1%", "1 % of principal each year"),
    "先息后本6个月+等额6个月": Label("先息后本6个月，再等额6个月", "6 months interest only, then 6 instalments"),
}

ONLINE_LEVELS: Labels = {
    "full_online": Label("全程线上", "Fully online"),
    "hybrid": Label("线上线下结合", "Online with offline steps"),
}

EVIDENCE_TIERS: Labels = {
    "official_institution": Label("机构官方公开信息", "Published by the institution itself"),
    "government": Label("政府网站公开信息", "Published on a government site"),
    "association_or_sme_platform": Label(
        "协会或中小企业服务平台公开信息", "Published by an association or SME platform"
    ),
    "media": Label("媒体公开报道", "Reported by the media"),
    "loan_broker_or_aggregator": Label(
        "据第三方公开信息整理，请向机构确认", "As publicly stated by a third party; confirm with the institution"
    ),
    "mirror_or_hijacked_host": Label(
        "据网页转载信息整理，请向机构确认", "As publicly stated on a copied page; confirm with the institution"
    ),
    "seed": Label("规划文件列举，请向机构确认", "Listed in a planning document; confirm with the institution"),
}
#: Tiers whose facts the institution has not published itself: pages say so beside the facts.
TO_BE_CONFIRMED = frozenset({"loan_broker_or_aggregator", "mirror_or_hijacked_host", "seed", "media"})

NOTE_KINDS: Labels = {
    "term": Label("额度、期限等说明", "Notes on terms"),
    "limit": Label("额度测算原文", "The limit in the source's words"),
    "fee": Label("费用说明", "Notes on fees"),
    "step": Label("办理步骤", "Steps"),
    "case": Label("公开案例", "Published cases"),
    "preference": Label("优先情形", "Preferred applicants"),
    "note": Label("其他说明", "Other notes"),
    "withheld": Label("未转载", "Not reprinted"),
}

#: Who pays a fee.
PAYERS: Labels = {
    "borrower": Label("借款人", "the borrower"),
    "lender": Label("放款机构", "the lender"),
    "government": Label("财政", "public funds"),
    "guarantor": Label("担保机构", "the guarantor"),
}

#: Who receives a fee.
RECEIVERS: Labels = {
    "guarantor": Label("担保机构", "the guarantor"),
    "insurer": Label("保险机构", "the insurer"),
    "factor": Label("保理公司", "the factor"),
    "pawnshop": Label("典当行", "the pawnshop"),
    "lessor": Label("租赁公司", "the lessor"),
}

#: Columns of the catalogue whose absence is worth saying; in the order of the product page.
STATED_COLUMNS: Labels = {
    "amount_max_wan": Label("最高额度", "Highest amount"),
    "term_max_months": Label("最长期限", "Longest term"),
    "rate_min_pct": Label("利率下限", "Lowest rate"),
    "rate_max_pct": Label("利率上限", "Highest rate"),
    "guarantee_modes": Label("担保方式", "Guarantee"),
    "repayment_modes": Label("还款方式", "Repayment"),
    "online_level": Label("办理方式", "Where it is done"),
    "decision_days": Label("审批天数", "Days to a decision"),
    "target_subjects": Label("适用对象", "For whom"),
    "region_codes": Label("适用地区", "Where"),
    "min_years_established": Label("成立年限", "Years established"),
    "tax_grades": Label("纳税信用", "Tax grade"),
    "min_annual_tax_wan": Label("年纳税额", "Annual tax"),
    "min_annual_revenue_wan": Label("年营业收入", "Annual revenue"),
    "industries_include": Label("适用行业", "Industries"),
    "industries_exclude": Label("不准入行业", "Excluded industries"),
    "qualifications_any": Label("资质", "Qualifications"),
}

#: Those of them that only what is lent can state: their absence says nothing of shares, nor of an insured risk.
LOAN_COLUMNS = frozenset(
    {"term_max_months", "rate_min_pct", "rate_max_pct", "guarantee_modes", "repayment_modes"},
)
#: Conditions that staff can state beyond the catalogue file's own columns.
STAFF_COLUMNS: Labels = {"min_employees": Label("员工人数", "Employees")}


def label(labels: Labels, code: str) -> Label:
    """The words of ``code``; a code nobody named shows as itself rather than as nothing."""
    return labels.get(code, Label(code, code))
