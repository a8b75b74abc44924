"""Which of the two languages a person reads: their own choice, then what their browser asks for, Chinese otherwise."""

from collections.abc import Callable

from flask import Flask, has_request_context, request, session
from flask_babel import get_locale

from finmart.config import LANGUAGES
from finmart.platform.extensions import babel
from finmart.platform.kernel.actor import Actor

DEFAULT = "zh"
#: Babel's locale of each of our languages.
LOCALES = {"zh": "zh_Hans_CN", "en": "en"}
_CHOICE = "language"


def choose(language: str) -> None:
    """Keep ``language`` for this browser. Raises ``ValueError`` for one we do not speak."""
    if language not in LANGUAGES:
        raise ValueError(f"unknown language {language!r}")
    session[_CHOICE] = language


class _Keeper:
    keep: Callable[[Actor, str], None] | None = None


def use_language_keeper(keep: Callable[[Actor, str], None]) -> None:
    """Tell the house how to keep somebody's language beyond this browser, for letters (accounts calls this)."""
    _Keeper.keep = keep


def keep_for(actor: Actor, language: str) -> None:
    """Keep ``language`` for letters to ``actor``; a visitor has none."""
    if actor.is_signed_in and _Keeper.keep is not None:
        _Keeper.keep(actor, language)


def _select() -> str:
    if not has_request_context():
        return LOCALES[DEFAULT]
    chosen = session.get(_CHOICE)
    if chosen not in LANGUAGES:
        # Matched on the bare codes: on "zh_Hans_CN" a Chinese browser would be given English.
        chosen = request.accept_languages.best_match(LANGUAGES, default=DEFAULT)
    return LOCALES[chosen or DEFAULT]


def current_language() -> str:
    """``"zh"`` or ``"en"``; Chinese outside of a request."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else DEFAULT


def localized(zh: str, en: str | None) -> str:
    """The label in the language of this request; the Chinese one where there is no English."""
    return en if en and current_language() == "en" else zh


def init_app(app: Flask) -> None:
    """Bind the languages to ``app``; texts are Chinese message ids, ``translations/en`` says them in English."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", LOCALES[DEFAULT])
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "Asia/Shanghai")
    babel.init_app(app, locale_selector=_select)
