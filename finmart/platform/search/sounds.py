"""How words sound: pinyin without tones, whole and by initials, as people type it on any keyboard."""

from functools import lru_cache

from finmart.platform.search.normal import WORD, is_chinese, normal

#: A name is sounded from each of its syllables on, but not for ever.
MAX_SYLLABLES = 12


@lru_cache(maxsize=65536)
def syllables(word: str) -> tuple[str, ...]:
    """The syllables of one normal word; Latin parts count as one syllable each."""
    if not is_chinese(word):
        return (word,)
    # The readings of whole words take a quarter of a second to load; only the search needs them.
    from pypinyin import lazy_pinyin

    return tuple(part for part in lazy_pinyin(word) if part)


def sound(word: str) -> str:
    """The whole sound of ``word``: ``云税贷`` is ``yunshuidai``."""
    return "".join(syllables(word))


def initials(word: str) -> str:
    """Its syllables' first letters: ``云税贷`` is ``ysd``."""
    return "".join(part[0] for part in syllables(word))


def sounds_of(text: str) -> list[str]:
    """What the Chinese words of ``text`` sound like, each from any of its syllables on, whole and by initials."""
    found: dict[str, None] = {}
    for word in WORD.findall(normal(text)):
        if is_chinese(word):
            parts = syllables(word)[:MAX_SYLLABLES]
            for start in range(max(1, len(parts) - 1)):
                found["".join(parts[start:])] = None
                found["".join(part[0] for part in parts[start:])] = None
    return list(found)
