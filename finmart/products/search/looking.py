"""A whole look at the shelf: the figures of a question, its words, and what is like the few that were found."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from finmart.platform.search.types import Hits, Query
from finmart.products.search.asking import Asked, asked

#: When fewer are found than this, what is like them is shown below.
FEW = 6
#: So many at most.
MOST_ALIKE = 9
_TYPE = "product_type"

Find = Callable[[Query], Hits]


@dataclass(frozen=True)
class Looked:
    """What was found: nothing where the question holds no word that could be looked for.

    ``loosened``: nothing agrees with all figures, so they were let go; ``alike``: further keys.
    """

    question: Asked
    hits: Hits
    loosened: bool = False
    alike: tuple[str, ...] = ()


def look(find: Find, query: Query) -> Looked:
    """Answer ``query``, whose text is as it was typed. Raises what ``find`` raises."""
    question, is_asked = asked(query.text), bool(query.text.strip())
    sort = query.sort or question.sort
    query = replace(query, text=question.words, soft=question.soft, needs=question.needs, sort=sort)
    hits = find(query)
    if is_asked and not (hits.terms or question.needs or sort):
        return Looked(question, replace(hits, keys=(), total=0, facets={}))
    loosened = bool(question.needs) and not any(hits.facets.values())
    if loosened:
        query = replace(query, needs=())
        hits = find(query)
    few = not query.offset and not query.sort and hits.terms and hits.total < FEW
    return Looked(question, hits, loosened, _alike(find, query, hits) if few else ())


def _alike(find: Find, query: Query, hits: Hits) -> tuple[str, ...]:
    """What shares some of the words, then what is of the same type as most of what was found."""
    near = find(replace(query, alike=True, limit=FEW + MOST_ALIKE)).keys
    counts = hits.facets.get(_TYPE, {}) if hits.total else {}
    if not counts:
        return near[:MOST_ALIKE]
    kinds = frozenset(code for code in counts if counts[code] == max(counts.values()))
    where = {**query.where, _TYPE: query.where.get(_TYPE) or kinds}
    same = find(replace(query, text="", soft="", where=where, limit=FEW + MOST_ALIKE)).keys
    return tuple(key for key in dict.fromkeys((*near, *same)) if key not in hits.keys)[:MOST_ALIKE]
