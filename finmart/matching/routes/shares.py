"""What ranking compared, in words: each criterion's integer by the very rule that the run was ranked by."""

from collections.abc import Mapping

from flask_babel import gettext

from finmart.matching.engine.rank import NOT_STATED, TAKEN_WHOLE, RankingRule
from finmart.matching.engine.rows import Row
from finmart.matching.routes.wording import criterion_label, days, rate, separator
from finmart.platform.web import filters
from finmart.platform.web.language import current_language


def _(text: str, **params: object) -> str:
    return str(gettext(text, **params))


def _states() -> Mapping[str, Mapping[str, str]]:
    """Criterion → state → its word. Which integer a state has is each rule's own affair."""
    return {
        "verdict": {
            "met": _("条件都符合"),
            "met_checked": _("条件都符合"),
            "open": _("有条件缺资料"),
            "bare": _("能核对的只有适用对象和地区"),
            "unchecked": _("没有可核对的条件"),
            "not_met": _("有条件不符合"),
        },
        "fit": {
            "full": _("都合适"),
            "open": _("有一项未说明"),
            "partial": _("只能满足一部分"),
            "none": _("有不合适的"),
        },
        "evidence": {
            "official_institution": _("机构或政府"),
            "government": _("机构或政府"),
            "association_or_sme_platform": _("协会或平台"),
            "media": _("媒体"),
            "loan_broker_or_aggregator": _("第三方整理"),
            "seed": _("第三方整理"),
            "mirror_or_hijacked_host": _("转载"),
        },
    }


def _of_code(key: str, value: int, codes: Mapping[str, int]) -> str:
    """The states that the rule gives this integer; a tier that it does not name comes after all that it does."""
    words = [word for state, word in _states()[key].items() if codes.get(state) == value]
    return separator().join(dict.fromkeys(words)) or _("未说明")


def share_words(key: str, value: int, codes: Mapping[str, int]) -> str:
    """One ranking key as it was compared, in words; ``codes`` are those of the rule that compared it."""
    if key in _states():
        return _of_code(key, value, codes)
    if key in ("sum", "turn"):
        return filters.number(value)
    if key == "connected":
        return _("未入驻") if value else _("已入驻")
    if key == "cost" and value >= TAKEN_WHOLE:
        return _("无法折算")
    if value == NOT_STATED:
        return _("未说明")
    if key == "cost":
        return rate(value)
    if key in ("amount_short", "term_short"):
        return filters.ratio(value, current_language())
    return days(value) if key == "speed" else _("%(count)s 条", count=value)


def told_shares(row: Row, rule: RankingRule) -> tuple[tuple[str, str], ...]:
    """Each criterion by its short name, and what it compared."""
    codes = {criterion.key: criterion.codes for criterion in rule.criteria}
    return tuple((criterion_label(key), share_words(key, value, codes.get(key, {}))) for key, value in row.shares)


def place_words(row: Row, above: Row | None, rule: RankingRule) -> str:
    """Why a product stands below the one above it: the first criterion on which they differ, and both their figures."""
    if above is None:
        return _("它排在最前：没有别的产品在任何一项上先于它。")
    told = zip(row.shares, above.shares, told_shares(row, rule), told_shares(above, rule), strict=False)
    for (key, own), (_key, other), (criterion, own_words), (_name, other_words) in told:
        if own != other and key == "turn":
            return _("与前一位各项完全相同，这次按公开的轮流办法排在其后。")
        if own != other:
            return _(
                "排在前一位之后，因为先在“%(criterion)s”一项上不同：前一位是%(other)s，它是%(own)s。",
                criterion=criterion,
                other=other_words,
                own=own_words,
            )
    return _("与前一位各项完全相同，按产品编号排在其后。")
