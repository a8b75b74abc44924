"""A document as the words, pairs of characters and sounds that both engines store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from finmart.platform.search.normal import is_chinese, normal, pairs, pieces
from finmart.platform.search.types import Document, IndexSpec
from finmart.platform.search.words import Segmenter


@dataclass(frozen=True)
class Texts:
    """What is stored of one document: by field its words (with its synonym groups) and its pairs; and all sounds."""

    words: Mapping[str, Sequence[str]]
    pairs: Mapping[str, Sequence[str]]
    sounds: Sequence[str]

    def of_field(self, name: str) -> tuple[Sequence[str], Sequence[str]]:
        """The words and the pairs of one field."""
        return self.words[name], self.pairs[name]


def indexed(document: Document, spec: IndexSpec, segmenter: Segmenter, profile: Mapping[str, Sequence[str]]) -> Texts:
    """``document`` to be stored; ``profile`` is what ``scoring.profile_of`` says of it."""
    words: dict[str, list[str]] = {}
    twos: dict[str, list[str]] = {}
    sounds: dict[str, None] = {}
    for field in spec.fields:
        text = normal(document.texts.get(field.name, ""))
        _words, groups, sounding = profile[field.name]
        words[field.name] = [*segmenter.of_text(text), *groups.split()]
        # Single characters stand after all pairs, so that they part no phrase of them.
        single = dict.fromkeys(piece for piece in pieces(text) if is_chinese(piece)) if field.short else {}
        twos[field.name] = [*pairs(text), *single]
        sounds |= dict.fromkeys(sounding.split())
    return Texts(words, twos, tuple(sounds))
