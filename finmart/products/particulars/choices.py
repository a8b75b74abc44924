"""What can be chosen in the fields that hold codes, in Chinese and English."""

from finmart.products.particulars.spec import Words
from finmart.reference.facts import fact

COUNTER_GUARANTEES = {
    "none": Words("不需要反担保", "none"),
    "joint": Words("实际控制人或股东连带责任", "joint liability of the controller or shareholders"),
    "mortgage": Words("抵押", "mortgage"),
    "pledge": Words("质押", "pledge"),
    "third_party": Words("第三方保证", "third-party suretyship"),
    "combined": Words("组合反担保", "a combination"),
}
REVIEWS = {
    "guarantee_follows_loan": Words("见贷即担：银行审查后承保", "Guarantee follows loan"),
    "loan_follows_guarantee": Words("见担即贷：担保机构审查后放款", "Loan follows guarantee"),
    "either": Words("见贷即担或见担即贷", "Either follows the other"),
    "separate": Words("分别审查", "Each reviews by itself"),
}
COVERS = {
    "loan": Words("贷款保证保险", "Loan guarantee insurance"),
    "crop": Words("农业保险（产量、成本或收入）", "Crop insurance (yield, cost or income)"),
    "index": Words("价格或气象指数保险", "Price or weather index insurance"),
    "liability": Words("责任保险", "Liability insurance"),
    "property": Words("财产保险", "Property insurance"),
    "bond": Words("保证金或履约保证保险", "Deposit or performance bond insurance"),
    "other": Words("其他", "Other"),
}
PAYEES = {
    "lender": Words("贷款人", "the lender"),
    "insured": Words("被保险人", "the insured"),
    "third_party": Words("受损害的第三人或招标人等权利人", "a third party to whom it is owed"),
}
RECOURSE = {
    "with": Words("有追索权", "With recourse"),
    "without": Words("无追索权", "Without recourse"),
    "either": Words("有、无追索权都做", "With or without recourse"),
}
FEE_BASES = {
    "financed": Words("按融资金额", "of the amount advanced"),
    "invoice": Words("按发票金额", "of the invoice"),
}
NOTICES = {
    "disclosed": Words("通知付款方（明保理）", "The debtor is notified"),
    "undisclosed": Words("不通知付款方（暗保理）", "The debtor is not notified"),
    "either": Words("可以约定", "As agreed"),
}
LEASES = {
    "direct": Words("直接租赁", "Direct lease"),
    "sale_and_leaseback": Words("售后回租", "Sale and leaseback"),
}
OWNERSHIP = {
    "lessee": Words("归承租人", "the lessee"),
    "lessor": Words("归出租人", "the lessor"),
    "option": Words("承租人可以选择购买、续租或退还", "the lessee may buy, renew or return"),
}
FORFEITED = {
    "sold": Words("由典当行变卖或委托拍卖", "The pawnshop sells it or has it auctioned"),
    "auctioned": Words("委托拍卖，扣除欠款后余额退还", "Auctioned; what remains after the debt is returned"),
    "agreed": Words("按合同约定", "As the contract says"),
}
LEADS = {
    "lead": Words("领投", "leads rounds"),
    "follow": Words("跟投", "follows a lead"),
    "either": Words("领投、跟投都做", "leads or follows"),
}


def of_fact(key: str) -> dict[str, Words]:
    """The choices of a fact of the dictionary, so that pages and conditions speak of the same things."""
    return {choice.code: Words(choice.label_zh, choice.label_en) for choice in fact(key).choices}
