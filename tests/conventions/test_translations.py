"""Chinese is what the code says; English must be complete beside it (DECISIONS 18)."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from tests.conventions.tree import ROOT

KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "_l": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
}
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


def _used() -> set[str]:
    mapping = io.StringIO((ROOT / "babel.cfg").read_text(encoding="utf-8"))
    methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    found: set[str] = set()
    for folder in ("finmart", "templates"):
        for _, _, message, _, _ in extract_from_dir(
            ROOT / folder, method_map=methods, options_map=options, keywords=KEYWORDS
        ):
            found.update([message] if isinstance(message, str) else [part for part in message if part])
    return found


def _english() -> Catalog:
    path = ROOT / "translations" / "en" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as opened:
        return read_po(opened, locale="en")


@pytest.fixture(scope="module")
def english() -> Catalog:
    return _english()


def _said(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def test_every_message_is_chinese() -> None:
    assert sorted(msgid for msgid in _used() if msgid and not CHINESE.search(msgid)) == []


def test_every_message_has_its_english(english: Catalog) -> None:
    missing = [
        msgid
        for msgid in sorted(_used())
        if (message := english.get(msgid)) is None or not all(_said(message)) or message.fuzzy
    ]
    assert missing == []


def test_translations_keep_the_placeholders(english: Catalog) -> None:
    wrong = []
    for message in english:
        msgid = message.id if isinstance(message.id, str) else message.id[0]
        wanted = set(PLACEHOLDER.findall(msgid))
        wrong += [msgid for text in _said(message) if msgid and text and set(PLACEHOLDER.findall(text)) != wanted]
    assert wrong == []


def test_english_is_english(english: Catalog) -> None:
    # A proper name may carry its Chinese form in brackets; nothing else stays Chinese.
    kept = [
        text
        for message in english
        if message.id
        for text in _said(message)
        if CHINESE.search(re.sub(r"[（(][^（()）]*[)）]", "", text))
    ]
    assert kept == []


def test_the_catalogue_has_one_home() -> None:
    assert [path.parent.parent.name for path in Path(ROOT / "translations").glob("*/LC_MESSAGES/*.po")] == ["en"]
