"""What is collected, why, who sees it and how long it is kept: one table, shown to everybody and held to by a test.

Required by 个人信息保护法 17 and 网络数据安全管理条例 21 (a list with purpose, kind and retention).
"""

from dataclasses import dataclass
from functools import cache

from finmart.reference.tables import rows

FILE = "collected.csv"


@dataclass(frozen=True)
class Collected:
    """One kind of data. ``erased_by`` names the periodic job that deletes it; empty where none does.

    ``tables`` are those of the database that hold it; none for what lies elsewhere (cookies, logs).
    """

    code: str
    tables: tuple[str, ...]
    erased_by: str
    data_zh: str
    data_en: str
    source_zh: str
    source_en: str
    purpose_zh: str
    purpose_en: str
    seen_zh: str
    seen_en: str
    kept_zh: str
    kept_en: str


@cache
def collected() -> tuple[Collected, ...]:
    """Every kind of data, in the order of the page."""
    return tuple(
        Collected(tables=tuple(row["tables"].split()), **{key: text for key, text in row.items() if key != "tables"})
        for row in rows(FILE)
    )
