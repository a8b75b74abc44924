"""Codes of policies in Chinese and English words."""

from finmart.products.labels import Label, Labels
from finmart.products.policies.types.values import Gives, Standing

LEVELS: Labels = {
    "national": Label("国家", "National"),
    "provincial": Label("江西省", "Jiangxi"),
    "municipal": Label("南昌市", "Nanchang"),
}

#: Whom a clause is for.
KINDS: Labels = {
    "firms": Label("企业", "Firms"),
    "sole_traders_farmers": Label("个体工商户与农户", "Sole traders and farmers"),
    "tech_firms": Label("科技型企业", "Technology firms"),
    "listing_firms": Label("上市、挂牌企业", "Firms that list"),
    "credit_repair": Label("需要信用修复的主体", "Those who repair their credit record"),
    "people": Label("人才与高管", "Professionals and managers"),
    "banks": Label("银行", "Banks"),
    "insurers": Label("保险机构", "Insurers"),
    "guarantors": Label("融资担保机构", "Guarantors"),
    "local_finance": Label("小贷、租赁、保理公司", "Microloan, leasing and factoring companies"),
    "funds": Label("基金", "Funds"),
    "financial": Label("其他金融机构", "Other financial institutions"),
    "intermediaries": Label("中介机构", "Intermediaries"),
    "regulators": Label("金融监管机构", "Financial regulators"),
}

GIVES: Labels = {
    Gives.AWARD: Label("奖补金额", "Award"),
    Gives.SUBSIDY: Label("贴息金额", "Interest subsidy"),
    Gives.GUARANTEE_LINE: Label("可担保额度（不是补贴）", "Line that can be guaranteed (no subsidy)"),
    Gives.RISK_SHARE: Label(
        "国家融资担保基金最多分担的责任（不是补贴）", "Liability the national fund shares at most (no subsidy)"
    ),
    Gives.SUPPORT_LINE: Label("可放大支持的贷款额度（不是补贴）", "Lending that the fund supports (no subsidy)"),
    Gives.HONOUR: Label("荣誉，没有奖金", "An honour without money"),
    Gives.RULE: Label("规则，没有金额", "A rule without an amount"),
}

STANDINGS: Labels = {
    Standing.IN_FORCE: Label("有效", "In force"),
    Standing.UPCOMING: Label("尚未生效", "Not yet in force"),
    Standing.EXPIRED: Label("已失效", "Expired"),
}

#: Departments as the documents name them. One that is not here shows under its own name.
DEPARTMENTS: Labels = {
    zh: Label(zh, en)
    for zh, en in (
        ("财政部等五部门", "Ministry of Finance and four other departments"),
        ("人民银行", "People's Bank of China"),
        ("国家发展改革委", "National Development and Reform Commission"),
        ("工信部", "Ministry of Industry and Information Technology"),
        ("市金融办", "Municipal Finance Office"),
        ("市商务局", "Municipal Commerce Bureau"),
        ("市财政局", "Municipal Finance Bureau"),
        ("各县（区）、各开发区、湾里管理局", "Counties, districts, development zones and the Wanli Administration"),
        ("红谷滩区", "Honggutan District"),
        ("市中小企业局", "Municipal SME Bureau"),
        ("市工信局", "Municipal Industry and Information Technology Bureau"),
        ("市发改委", "Municipal Development and Reform Commission"),
        ("市生态环境局", "Municipal Ecology and Environment Bureau"),
        ("市市场监管局", "Municipal Market Regulation Bureau"),
        ("市自然资源规划局", "Municipal Natural Resources and Planning Bureau"),
        ("市税务局", "Municipal Tax Service"),
        ("市科技局", "Municipal Science and Technology Bureau"),
        ("市政数局", "Municipal Government Services and Data Bureau"),
        ("市委组织部", "Organisation Department of the Municipal Party Committee"),
        ("市人社局", "Municipal Human Resources and Social Security Bureau"),
    )
}
