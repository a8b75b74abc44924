"""Figures over months and lengths of time in words."""

from datetime import date

from finmart.conditions.types import Direction, Elapsed, TimeUnit, Window, WindowOf
from finmart.conditions.wording import ZH, fact_label

_WINDOW = {
    "zh": {
        WindowOf.SUM: "{span}{series}合计",
        WindowOf.COUNT: "{span}有{series}的月数",
        WindowOf.MEAN: "{span}{series}月均",
        WindowOf.MAX: "{span}{series}最高的一个月",
        WindowOf.MIN: "{span}{series}最低的一个月",
        WindowOf.GROWTH: "{span}{series}较再前{months}个月的增幅",
        WindowOf.LONGEST_GAP: "{span}没有{series}的最长连续月数",
        WindowOf.COVERS: "{series}记录已有的月数",
    },
    "en": {
        WindowOf.SUM: "total {series} {span}",
        WindowOf.COUNT: "months with {series} {span}",
        WindowOf.MEAN: "monthly average of {series} {span}",
        WindowOf.MAX: "highest month of {series} {span}",
        WindowOf.MIN: "lowest month of {series} {span}",
        WindowOf.GROWTH: "growth of {series} {span} over the {months} months before",
        WindowOf.LONGEST_GAP: "longest run of months without {series} {span}",
        WindowOf.COVERS: "months of {series} on record",
    },
}
#: What a count is called when it counts blocks of months instead of months.
_BLOCKS = {
    "zh": "{span}每{every}个月为一段、有{series}的段数",
    "en": "blocks of {every} months with {series} {span}",
}
_DROP = {
    "zh": "{span}{series}较再前{months}个月的降幅",
    "en": "drop of {series} {span} against the {months} months before",
}

_ELAPSED = {
    "zh": {Direction.SINCE: "“{fact}”至匹配日的{unit}数", Direction.UNTIL: "“{fact}”到期前剩余的{unit}数"},
    "en": {
        Direction.SINCE: "{unit} from “{fact}” to the day of the match",
        Direction.UNTIL: "{unit} from the day of the match to “{fact}”",
    },
}
_TIME = {
    "zh": {TimeUnit.YEARS: "年", TimeUnit.MONTHS: "月", TimeUnit.DAYS: "天"},
    "en": {TimeUnit.YEARS: "years", TimeUnit.MONTHS: "months", TimeUnit.DAYS: "days"},
}


def _span(window: Window, language: str) -> str:
    if language == ZH:
        return f"最近{window.skip}个月之前的{window.months}个月" if window.skip else f"近{window.months}个月"
    if window.skip:
        return f"in the {window.months} months before the last {window.skip}"
    return f"in the last {window.months} months"


def _filled(template: str, window: Window, language: str) -> str:
    return template.format(
        span=_span(window, language),
        series=fact_label(window.series, language),
        months=window.months,
        every=window.every,
    )


def window_words(window: Window, language: str) -> str:
    """A window's figure in words."""
    template = _BLOCKS[language] if window.every else _WINDOW[language][window.of]
    return _filled(template, window, language)


def drop_words(window: Window, language: str) -> str:
    """A window's growth, seen as a drop."""
    return _filled(_DROP[language], window, language)


def regular_words(window: Window, language: str) -> str:
    """That every month, or every block of months, of the window has something."""
    span, label = _span(window, language), fact_label(window.series, language)
    every = window.every or 1
    if language == ZH:
        return f"{span}每月都有{label}" if every == 1 else f"{span}每{every}个月至少有一个月有{label}"
    if every == 1:
        return f"{label} in every one of the {span.removeprefix('in the ')}"
    return f"{label} in at least one of every {every} months {span}"


def some_months_words(window: Window, bound: int, language: str) -> str:
    """That at least ``bound`` months of the window have something."""
    span, label = _span(window, language), fact_label(window.series, language)
    if language == ZH:
        return f"{span}至少有{bound}个月有{label}"
    return f"{label} in at least {bound} of the {span.removeprefix('in the ')}"


def day_words(day: date, language: str) -> str:
    """A calendar day in words."""
    return f"{day.year}年{day.month}月{day.day}日" if language == ZH else day.isoformat()


def time_word(counted: TimeUnit, language: str) -> str:
    """What a length of time is counted in."""
    return _TIME[language][counted]


def elapsed_words(elapsed: Elapsed, language: str) -> str:
    """The time since or until a day in words."""
    template = _ELAPSED[language][elapsed.direction]
    return template.format(fact=fact_label(elapsed.key, language), unit=time_word(elapsed.unit, language))
