"""What several fields of one product may not say together."""

from collections.abc import Iterator, Mapping
from typing import Any

from finmart.platform.kernel.messages import N_, Message
from finmart.products.particulars.spec import PPM

Problem = tuple[str, Message]

#: lower end, upper end
_RANGES = (
    ("fee_rate_min", "fee_rate"),
    ("insured_min", "insured_max"),
    ("stake_min", "stake_max"),
    ("horizon_min", "horizon_max"),
    ("paid_in", "fund_size"),
)
#: The parties of one agreement; those of a product that has no such field are simply missing.
_RISKS = ("share_guarantor", "share_insurer", "share_bank", "share_reguarantor", "share_government")
_PREMIUMS = ("subsidy_share", "own_share")
#: Rates that the price of the product states when it is a fee's.
_PRICES = ("fee_rate", "fee_rate_min", "premium_rate")


def problems(values: Mapping[str, Any], *, priced: bool) -> Iterator[Problem]:
    """Each problem with the field at which it is shown; ``priced``: the product's price is a fee's rate already."""
    for low, high in _RANGES:
        if low in values and high in values and values[low] > values[high]:
            yield low, Message(N_("最低的不能高于最高的，请核对。"))
    for shares in (_RISKS, _PREMIUMS):
        stated = [name for name in shares if name in values]
        if sum(values[name] for name in stated) > PPM:
            yield stated[-1], Message(N_("各方比例加起来超过了 100%，请核对。"))
    for name in _PRICES:
        if priced and name in values:
            yield name, Message(N_("上面的价格已经是担保费率或保险费率，这里请留空，以免重复计算。"))
    asked = values.get("counter_guarantee", ())
    if "none" in asked and len(asked) > 1:
        yield "counter_guarantee", Message(N_("选了“不需要反担保”，就不要再选其他反担保。"))
    if values.get("service_fee_base") == "invoice" and "service_fee" in values and not values.get("advance_share"):
        yield "advance_share", Message(N_("服务费按发票金额收的，请填写融资占发票金额的比例，否则算不出成本。"))
