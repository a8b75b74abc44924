"""Wording letters in the language of each reader, where there is no request to ask."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from babel.support import NullTranslations, Translations

from finmart.config import ROOT
from finmart.platform.kernel.messages import N_, Message
from finmart.platform.kernel.money import Money
from finmart.platform.notices.types import Letter, Named
from finmart.platform.web.filters import day, moment, money

SITE = N_("金融超市")


@cache
def _catalogue(language: str) -> NullTranslations:
    """The compiled catalogue of ``language``; Chinese texts are the message ids themselves."""
    return Translations.load(str(ROOT / "translations"), [language]) if language != "zh" else NullTranslations()


def word(msgid: str, params: Mapping[str, Any], language: str) -> str:
    """``msgid`` in ``language`` with its placeholders filled; one without a translation stays Chinese."""
    text = str(_catalogue(language).gettext(msgid))
    return text.format(**{name: _value(value, language) for name, value in params.items()}) if params else text


def _value(value: Any, language: str) -> Any:
    if isinstance(value, Named):
        return value.en if value.en and language == "en" else value.zh
    if isinstance(value, Message):
        return word(value.msgid, value.params, language)
    if isinstance(value, Money):
        return money(value, language)
    if isinstance(value, datetime):
        return moment(value, language)
    return day(value, language) if isinstance(value, date) else value


def happened(letter: Letter, language: str) -> str:
    """What happened, in words."""
    return word(letter.happened, letter.params, language)


def next_step(letter: Letter, language: str) -> str:
    """What the reader does next, in words."""
    return word(letter.next_step, letter.params, language)


def subject(language: str) -> str:
    """The subject of an e-mail: it says nothing of the matter, because a lock screen shows it to anybody."""
    return word(N_("{site}：您有一条新消息"), {"site": Message(SITE)}, language)


def whole(letter: Letter, language: str, address: str) -> str:
    """The letter as it leaves the site; ``address`` is where to read on, or empty when that is not known."""
    parts = [happened(letter, language), next_step(letter, language)]
    if letter.by is not None:
        parts.append(word(N_("请在 {by} 前办理。"), {"by": letter.by}, language))
    if address:
        parts.append(word(N_("查看：{address}"), {"address": address}, language))
    elif letter.path:
        parts.append(word(N_("请登录金融超市查看。"), {}, language))
    return (" " if language == "en" else "").join(parts)
