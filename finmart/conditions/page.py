"""What is generated of ``docs/conditions.md``: the fact dictionary as tables by topic, and the JSON Schema beside it.

``python -m finmart.conditions.page`` writes both from the repository's root; a test fails while they are out of date.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from finmart.conditions.schema import schema
from finmart.reference.facts import FactDefinition, facts_of
from finmart.reference.tables import table_names

PAGE = Path("docs/conditions.md")
SCHEMA = Path("docs/conditions.schema.json")
BEGIN = "<!-- facts: written by python -m finmart.conditions.page -->"
END = "<!-- end of facts -->"

#: file of the dictionary → heading, in the order of the page
TOPICS = {
    "demand": "The demand",
    "demand_declared": "The demand: what only the applicant can say",
    "registration": "Registration, size, qualifications",
    "people": "People, debt, account flows",
    "persons": "Owner, legal representative, spouse, shareholders, guarantor, affiliates",
    "credit_register": "Credit register",
    "conduct": "Conduct: operation, penalties, lawsuits, arrears",
    "adverse": "Adverse records",
    "tax": "Tax",
    "tax_conduct": "Tax: kinds, filings, bad records",
    "accounts": "Accounts, premises, utilities, employment, stage",
    "lists": "Lists, licences, industry tags, grades",
    "technology": "Technology and intellectual property",
    "trade": "Foreign trade, supply chains, tenders, online shops",
    "tobacco": "Tobacco retail",
    "farming": "Farming",
    "trades": "Shops, lodging, transport, health, energy and carbon",
    "collateral": "Collateral",
    "relation": "Relation to the institution",
    "policies": "Policies: what awards and subsidies are worked out of",
    "invoices": "Invoices",
}


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _kind(known: FactDefinition) -> str:
    if known.unit == known.kind:
        return known.kind
    return f"{known.kind} of {known.unit}" if known.kind == "series" else f"{known.kind}: {known.unit}"


def _row(known: FactDefinition) -> str:
    codes = "、".join(f"`{choice.code}` {choice.label_zh}" for choice in known.choices)
    said = f"{known.definition_zh}{'代码：' + codes if codes else ''}"
    return f"| `{known.key}` | {_kind(known)} | {_cell(known.label_zh)} | {_cell(said)} |"


def tables() -> Iterator[str]:
    """A heading and a table for each file of the dictionary. Raises ``KeyError`` for a file without a heading."""
    files = {name.partition("/")[2].removesuffix(".csv"): name for name in table_names("facts")}
    if files.keys() - TOPICS.keys():
        raise KeyError(f"no heading for {sorted(files.keys() - TOPICS.keys())}")
    for topic, heading in TOPICS.items():
        yield from (f"### {heading}", "", "| key | kind | 名称 | definition |", "|---|---|---|---|")
        yield from (_row(known) for known in facts_of(files[topic]))
        yield ""


def with_tables(page: str) -> str:
    """``page`` with the dictionary between its two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return "\n".join([before + BEGIN, "", *tables(), END + after])


def schema_text() -> str:
    """The published schema as text."""
    return json.dumps(schema(), ensure_ascii=False, indent=1) + "\n"


def write() -> None:
    """Write what is generated, below the directory the command runs in."""
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    SCHEMA.write_text(schema_text(), encoding="utf-8")


if __name__ == "__main__":
    write()
