"""Codes of dimensions as words, in both languages; what belongs to none says why."""

from finmart.matching.insights.repository import asking
from finmart.matching.insights.types.figures import UNKNOWN
from finmart.matching.insights.types.stages import Dimension
from finmart.matching.leads.types.reasons import DECLINE_REASONS
from finmart.platform.kernel.messages import N_
from finmart.reference import industries, regions

#: What a case is called that states nothing of a dimension.
NOWHERE = {
    Dimension.DISTRICT: N_("跨区县的开发区或全市"),
    Dimension.INDUSTRY: N_("行业未知"),
    Dimension.SIZE: N_("规模未知"),
    Dimension.KIND: N_("类型未知"),
    Dimension.PRODUCT_TYPE: N_("未指定产品"),
    Dimension.INSTITUTION: N_("机构未知"),
    Dimension.REASON: N_("没有不予通过"),
}
SIZES = {
    "large": N_("大型企业"),
    "medium": N_("中型企业"),
    "small": N_("小型企业"),
    "micro": N_("微型企业"),
    "not_determined": N_("规则未覆盖，不划型"),
    "insufficient_data": N_("数据不足，不划型"),
}
KINDS = {
    "enterprise": N_("企业"),
    "individual_business": N_("个体工商户"),
    "farmer": N_("农户"),
    "cooperative": N_("合作社"),
    "person": N_("居民"),
}


def institution_names() -> dict[str, tuple[str, str]]:
    """code → (Chinese, English) of institutions, whose names are data."""
    return asking.institution_names()


def place_or_section(dimension: Dimension, code: str, language: str) -> str | None:
    """The name of a district or an industry section; None for other dimensions and for what is not known."""
    if code in {UNKNOWN, ""}:
        return None
    if dimension is Dimension.DISTRICT:
        return regions.label(code, language)
    return industries.label(code, language) if dimension is Dimension.INDUSTRY else None


def msgid(dimension: Dimension, code: str) -> str | None:
    """The Chinese message that words a code; None where the code's name is data."""
    if code in {UNKNOWN, ""}:
        return NOWHERE[dimension]
    if dimension is Dimension.SIZE:
        return SIZES.get(code)
    if dimension is Dimension.KIND:
        return KINDS.get(code)
    if dimension is Dimension.REASON:
        return DECLINE_REASONS[code].words if code in DECLINE_REASONS else None
    return None
