"""Definitions of facts for people who fill in forms: without what they tell whoever encodes clauses."""

import re

#: A key, an operator or a field of the language; no such word stands in anybody's own language.
_CODE = re.compile(r"[a-z]+_[a-z_]+")
_ASIDE = re.compile(rf"[（(][^（(）)]*{_CODE.pattern}[^（(）)]*[）)]")
_SENTENCES = re.compile(r"(?<=[；。;])\s*|(?<=\.)\s+")
_CLAUSES = re.compile(r"(?<=，)|(?<=,)\s+")
_STOPS = {"；": "。", "，": "。", ";": ".", ",": "."}


def plain(definition: str) -> str:
    """``definition`` without its parts that name codes; whole where nothing else would be left."""
    text = _ASIDE.sub("", definition)
    for ends in (_SENTENCES, _CLAUSES):
        kept = [part for part in ends.split(text) if part and not _CODE.search(part)]
        if kept:
            # In Chinese nothing stands between sentences, in English a blank.
            said = (" " if kept[0].isascii() else "").join(kept)
            return said[:-1] + _STOPS.get(said[-1], said[-1])
    return definition
