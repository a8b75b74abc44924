"""Recompute ten firms' matches from nothing but CSV and JSON files, sharing no code with the project.

    python -m tests.independent.recompute_matches --invoices DIR --catalogue finmart/products/data \
        --matches matches.csv --as-of 2020-02-21 --amount 1000000 --term-months 12 --region 360113 \
        --declare years_established=3,tax_grade=B

Reads the tax invoices, the catalogue's files and the CSV that ``finmart match everyone`` wrote, works verdict, counts,
fit, limit (both ends where facts are missing), cost and rank out again in its own way, and lists every cell that
differs. Exit code 1 when any does. Standard library only.
"""

import argparse
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.independent.conditions import Facts, state_of
from tests.independent.invoices import Row, invoice_facts, table
from tests.independent.limits import Limit, bounds_in, kinds_in, limit_of
from tests.independent.money import internal_rate

FIRMS = 10
#: The rule that ranked the file: its turns are drawn with its number.
RULE_VERSION = 3
#: Facts that say who somebody is and where, and what a source states where a product is more than a name.
WHO_AND_WHERE = ("subject_kind", "industry", "firm_size", "registered_region")
TERMS_OF_WORTH = ("amount_max_wan", "rate_min_pct", "rate_max_pct")
EVIDENCE = {
    "official_institution": 0,
    "government": 0,
    "association_or_sme_platform": 1,
    "media": 2,
    "loan_broker_or_aggregator": 3,
    "seed": 3,
    "mirror_or_hijacked_host": 4,
}
METHODS = {
    "等额本息": "instalments",
    "等额本金": "principal",
    "先息后本": "interest",
    "按月付息到期还本": "interest",
    "定期付息到期还本": "interest",
    "利随本清": "bullet",
    "随借随还": "interest",
}
#: Remarks by which the catalogue speaks of its own columns; they are no conditions.
REMARKS = {"rate列为担保/保险费率", "rate列为贷款利率", "费率为担保费", "利率与担保费为案例值"}
COMPARED = (
    *("verdict", "met", "not_met", "unknown", "words", "fit"),
    *("limit_fen", "limit_at_least_fen", "limit_at_most_fen", "cost_ppm", "rank"),
)


def codes(cell: str) -> list[str]:
    """The parts of a cell between semicolons."""
    return [part.strip() for part in cell.split(";") if part.strip()]


def fen(cell: str) -> int | None:
    """万元 to 分."""
    return int(Decimal(cell) * 1_000_000) if cell else None


def ppm(cell: str) -> int | None:
    """Percent to parts per million."""
    return int(Decimal(cell) * 10_000) if cell else None


def days(cell: str) -> int | None:
    """Months to comparable days, 30 a month."""
    return round(Decimal(cell) * 30) if cell else None


def column_conditions(row: Row) -> list[Any]:
    """The conditions that a product's columns state."""
    lists = (
        ("target_subjects", "in", "subject_kind"),
        ("region_codes", "region_in", "demand.region"),
        ("tax_grades", "in", "tax_grade"),
        ("industries_include", "industry_in", "industry"),
        ("qualifications_any", "has_any", "qualifications"),
    )
    found: list[Any] = [
        {operator: [{"fact": fact}, codes(row[column])]} for column, operator, fact in lists if row[column]
    ]
    if row["industries_exclude"]:
        found.append({"not": {"industry_in": [{"fact": "industry"}, codes(row["industries_exclude"])]}})
    least = {
        "years_established": int(row["min_years_established"]) if row["min_years_established"] else None,
        "annual_tax": fen(row["min_annual_tax_wan"]),
        "annual_revenue": fen(row["min_annual_revenue_wan"]),
    }
    found += [{"ge": [{"fact": fact}, {"value": value}]} for fact, value in least.items() if value is not None]
    return found


class Catalogue:
    """The catalogue's files, by product."""

    def __init__(self, folder: Path, reference: Path) -> None:
        self.bounds = bounds_in(reference)
        self.products = table(folder / "catalogue.csv")
        self.connected = {row["code"]: row["connected"] == "yes" for row in table(folder / "institutions.csv")}
        self.variants = self._by_product(table(folder / "variants.csv"))
        self.fees = self._by_product(table(folder / "fees.csv"))
        self.withheld = self._by_product(table(folder / "withheld.csv"))
        superseded = table(folder / "superseded_columns.csv")
        # A clause states these columns' bound together with its exception, so the column asks nothing by itself.
        self.superseded = {(row["product_code"], row["column"]) for row in superseded}
        self.encoded: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for text in (folder / "conditions.jsonl").read_text(encoding="utf-8").splitlines():
            line = json.loads(text)
            self.encoded[line["product_code"], line["clause_zh"]].append(line)

    @staticmethod
    def _by_product(rows: Iterable[Row]) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            found[row["product_code"]].append(row)
        return found

    def clauses(self, product: Row) -> tuple[list[Any], list[Any], Any, int]:
        """Required conditions, preferences, limit formula, and the number of clauses left in words."""
        code = product["product_code"]
        preferred: list[Any] = []
        columns = {name: "" if (code, name) in self.superseded else cell for name, cell in product.items()}
        required, limit, words = column_conditions(columns), None, 0
        stated = {text for way in self.variants[code] for text in codes(way["clause_zh"])}
        stated |= {fee["clause_zh"] for fee in self.fees[code]} | {row["clause_zh"] for row in self.withheld[code]}
        for text in codes(product["other_conditions_zh"]):
            found = self.encoded.get((code, text), [])
            for line in found:
                limit = line.get("limit") or limit
                if line.get("condition") and not line.get("variant"):
                    (required if line["kind"] == "condition" else preferred).append(line["condition"])
            kind = found[0]["kind"] if found else "condition"
            # A clause may be said by the condition of another one.
            encoded = any("part_of" in line or (line.get("condition") and not line.get("variant")) for line in found)
            words += kind == "condition" and not encoded and text not in stated and text not in REMARKS
        return required, preferred, limit, words

    def of_way(self, way: Row) -> list[Any]:
        """The conditions of one way to get the product alone."""
        code, key = way["product_code"], way["key"]
        only: list[Any] = [{"in": [{"fact": "subject_kind"}, codes(way["only"])]}] if way["only"] else []
        return only + [
            line["condition"]
            for (product, _text), found in self.encoded.items()
            for line in found
            if product == code and line.get("condition") and line.get("variant") == key
        ]


class Asked:
    """What was asked for everybody."""

    def __init__(self, arguments: argparse.Namespace, kinds: Mapping[str, str]) -> None:
        self.amount = int(Decimal(arguments.amount) * 100)
        self.days = 30 * arguments.term_months
        self.offered = {"credit", *arguments.guarantee}
        self.facts: Facts = {
            "demand.amount": self.amount,
            "demand.term_months": arguments.term_months,
            "demand.region": arguments.region,
            "demand.guarantees": tuple(sorted({"credit", *arguments.guarantee})),
            "demand.as_of": arguments.as_of,
        }
        for part in arguments.declare.split(",") if arguments.declare else []:
            key, _, value = part.partition("=")
            # Money is declared in 万元, as it is typed in forms.
            number = fen(value) if kinds[key] == "money" else int(value) if value.isdigit() else None
            self.facts[key] = value if number is None else number


def ways(product: Row, catalogue: Catalogue) -> list[Row]:
    """The terms of each variant: the product's own, with the variant's over them."""
    own = catalogue.variants[product["product_code"]] or [{}]
    found = []
    for way in own:
        over = {key: value for key, value in way.items() if value and key in product and key != "target_subjects"}
        if way.get("rate_min_pct") or way.get("rate_max_pct"):
            over |= {"rate_min_pct": way["rate_min_pct"], "rate_max_pct": way["rate_max_pct"]}
        found.append({**product, **over, "key": way.get("key", "standard"), "only": way.get("target_subjects", "")})
    return found


def fit_of(way: Row, asked: Asked, limit: Limit) -> tuple[str, int, int]:
    """All terms together, and how much of amount and term is left uncovered in ppm."""
    least, available = fen(way["amount_min_wan"]), limit.available
    amount, short = "full", 0
    reached = limit.least is not None and asked.amount <= limit.least and asked.amount >= (least or 0)
    if reached:
        # Whatever the missing facts are, the limit reaches.
        pass
    elif (least is not None and asked.amount < least) or (available is not None and available < max(least or 1, 1)):
        amount, short = "none", 0 if least is not None and asked.amount < least else 1_000_000
    elif available is None:
        amount = "open"
    elif asked.amount > available:
        amount, short = "partial", 1_000_000 - available * 1_000_000 // asked.amount
    elif limit.missing:
        amount = "open"
    shortest, longest = days(way["term_min_months"]), days(way["term_max_months"])
    term, late = ("open", 0) if longest is None else ("full", 0)
    if shortest is not None and asked.days < shortest:
        term = "none"
    elif longest is not None and asked.days > longest:
        term, late = "partial", 1_000_000 - longest * 1_000_000 // asked.days
    modes = set(codes(way["guarantee_modes"]))
    guarantee = "open" if not modes else ("full" if modes & asked.offered else "none")
    parts = {amount, term, guarantee}
    overall = next(state for state in ("none", "partial", "open", "full") if state in parts)
    return overall, short, late


def cost_of(way: Row, asked: Asked, available: int | None, fees: list[Row]) -> int | None:
    """The compound all-in cost at the lowest stated rate, in ppm."""
    texts = codes(way["other_conditions_zh"])
    low = ppm(way["rate_min_pct"]) if way["rate_min_pct"] else ppm(way["rate_max_pct"])
    own = [fee for fee in fees if fee["payer"] == "borrower"]
    if "rate列为担保/保险费率" in texts or "利率与担保费为案例值" in texts or low is None:
        return None
    if any(not fee["rate_pct"] for fee in own):
        return None
    principal = min(asked.amount, available) if available else asked.amount
    longest = days(way["term_max_months"])
    term = min(asked.days, longest) if longest else asked.days
    known = [METHODS[word] for word in codes(way["repayment_modes"]) if word in METHODS]
    charges = [(fee["per"], ppm(fee["rate_pct"]) or 0) for fee in own]
    return internal_rate(principal, low, term, known[0] if known else "instalments", charges)


def turn(product_code: str, day: str) -> int:
    """Whose turn it is among equal products: docs/ranking.md, in this program's own words; no demand is named."""

    def first_eight_bytes(text: str) -> int:
        return int(hashlib.sha256(text.encode("utf-8")).hexdigest()[:16], 16)

    word = first_eight_bytes(f"|{day}|{RULE_VERSION}") ^ first_eight_bytes(product_code)
    for shift, multiplier in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        word = (word ^ word // 2**shift) * multiplier % 2**64
    return (word ^ word // 2**31) // 2**33


def named_in(part: Any) -> Iterator[str]:
    """Every fact and series that a condition speaks of."""
    for name, inner in part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ():
        if name in ("fact", "series") and isinstance(inner, str):
            yield inner
        else:
            yield from named_in(inner)


def asks_more(conditions: list[Any]) -> bool:
    """Whether conditions ask more than who somebody is, where, and what it wants."""
    return any(name not in WHO_AND_WHERE and not name.startswith("demand.") for name in named_in(conditions))


def way_outcome(product: Row, way: Row, catalogue: Catalogue, facts: Facts, asked: Asked) -> dict[str, Any]:
    """Everything about one variant for one firm; ``keys`` are what outcomes are ordered by."""
    required, preferred, formula, words = catalogue.clauses(product)
    conditions = [*required, *catalogue.of_way(way)]
    states = [state_of(condition, facts) for condition in conditions]
    met, failed, unknown = states.count(True), states.count(False), states.count(None)
    checked = "met_checked" if words else "met"
    verdict = "not_met" if failed else "open" if unknown else checked if states else "unchecked"
    limit = limit_of(formula, fen(way["amount_max_wan"]), facts, catalogue.bounds)
    fit, short, late = fit_of(way, asked, limit)
    cost = cost_of(way, asked, limit.available, catalogue.fees[product["product_code"]])
    missed = sum(state_of(condition, facts) is not True for condition in preferred)
    never = 1_000_000_000
    bare = not (formula or asks_more(conditions) or any(way[name] for name in TERMS_OF_WORTH))
    keys = (
        3 if verdict == "not_met" else 2 if bare else {"met": 0, "met_checked": 0, "open": 1, "unchecked": 2}[verdict],
        failed,
        {"full": 0, "open": 1, "partial": 2, "none": 3}[fit],
        short,
        late,
        unknown,
        words,
        never if cost is None else cost,
        missed,
        EVIDENCE[product["evidence_tier"]],
        0 if catalogue.connected[product["institution_code"]] else 1,
        int(product["decision_days"]) if product["decision_days"] else never,
        turn(product["product_code"], asked.facts["demand.as_of"].isoformat()),
    )
    return {
        "product_code": product["product_code"],
        "verdict": verdict,
        "met": met,
        "not_met": failed,
        "unknown": unknown,
        "words": words,
        "fit": fit,
        "limit_fen": limit.amount,
        "limit_at_least_fen": limit.least,
        "limit_at_most_fen": limit.most,
        "cost_ppm": cost,
        "keys": keys,
    }


def outcomes(catalogue: Catalogue, facts: Facts, asked: Asked) -> list[dict[str, Any]]:
    """Every product through its best variant, in order of rank."""
    known = {**facts, **{key: value for key, value in asked.facts.items() if key not in facts}}
    best = [
        min(
            (way_outcome(p, way, catalogue, known, asked) for way in ways(p, catalogue)),
            key=lambda found: found["keys"],
        )
        for p in catalogue.products
    ]
    ordered = sorted(best, key=lambda found: (found["keys"], found["product_code"]))
    return [{**found, "rank": place} for place, found in enumerate(ordered, start=1)]


def differences(firm: str, stated: Mapping[str, Row], found: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Every cell that says something else; a cost may differ by one ppm, by which floats round."""
    for own in found:
        row = stated[own["product_code"]]
        for column in COMPARED:
            here, there = "" if own[column] is None else str(own[column]), row[column]
            near = column == "cost_ppm" and here and there and abs(int(here) - int(there)) <= 1
            if here != there and not near:
                yield f"{firm} {own['product_code']} {column}: CSV {there or 'nothing'}, recomputed {here or 'nothing'}"


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    for name in ("--invoices", "--catalogue", "--matches"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--reference", type=Path, help="the dictionary's files; default those beside the catalogue's")
    parser.add_argument("--as-of", type=date.fromisoformat, required=True)
    parser.add_argument("--amount", required=True)
    parser.add_argument("--term-months", type=int, required=True)
    parser.add_argument("--region", required=True)
    parser.add_argument("--guarantee", action="append", default=[])
    parser.add_argument("--declare", default="")
    parser.add_argument("--firms", default="", help="codes with commas between; default ten spread over the file")
    return parser.parse_args()


def main() -> int:
    """Recompute and compare; 0 when every cell agrees."""
    given = arguments()
    stated: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in table(given.matches):
        stated[row["firm"]][row["product_code"]] = row
    every = sorted(stated, key=lambda firm: (len(firm), firm))
    firms = given.firms.split(",") if given.firms else every[:: max(1, len(every) // FIRMS)][:FIRMS]
    reference = given.reference or given.catalogue.parent.parent / "reference" / "data"
    catalogue, asked = Catalogue(given.catalogue, reference), Asked(given, kinds_in(reference))
    facts = invoice_facts(given.invoices, set(firms), given.as_of)
    found = [
        text for firm in firms for text in differences(firm, stated[firm], outcomes(catalogue, facts[firm], asked))
    ]
    for text in found:
        print(text)
    cells = len(firms) * len(catalogue.products) * len(COMPARED)
    print(json.dumps({"firms": firms, "products": len(catalogue.products), "cells": cells, "different": len(found)}))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
