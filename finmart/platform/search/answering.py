"""The steps by which a question finds its answers, the same whichever engine is asked."""

from collections.abc import Callable
from typing import TypeVar

from finmart.platform.search.types import Query
from finmart.platform.search.words import Parsed, Segmenter

Answer = TypeVar("Answer")


def answered(
    segmenter: Segmenter,
    query: Query,
    ask: Callable[[Parsed, bool], Answer],
    found: Callable[[Answer], int],
) -> tuple[Parsed, Answer, bool]:
    """Ask for every word as typed, then as it was probably meant, then for any of the words.

    ``ask`` takes the terms and whether an answer must have every one; ``found`` counts its answers. Returns the terms
    that were asked for, the answer, and whether only some of the words were asked for.
    """
    if query.alike:
        like = segmenter.of_alike(query.text, query.soft)
        return like, ask(like, False), True
    typed = segmenter.of_query(query.text, query.soft)
    answer = ask(typed, True)
    if not typed.terms or found(answer):
        return typed, answer, False
    meant = segmenter.of_query(query.text, query.soft, boldly=True)
    if meant != typed and found(better := ask(meant, True)):
        return meant, better, False
    if len(meant.needed) > 1 and found(some := ask(meant, False)):
        return meant, some, True
    return typed, answer, False
