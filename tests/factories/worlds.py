"""Generated worlds of firms, products and outcomes with a fixed seed, each driven by something else."""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

FIRST = date(2024, 1, 1)
DAYS = 720
TEST_FROM = FIRST + timedelta(days=600)


@dataclass(frozen=True)
class WorldFiles:
    """Where a generated world was written."""

    interactions: Path
    firms: Path
    products: Path


def write_world(folder: Path, kind: str, *, firms: int = 1500, products: int = 40, seed: int = 7) -> WorldFiles:
    """A world driven by ``features`` (crosses of two, thresholds of products), ``taste`` (latent) or ``popularity``."""
    dice = np.random.default_rng([seed, len(kind)])
    region, industry = dice.integers(0, 9, firms), dice.integers(0, 12, firms)
    revenue, age = dice.lognormal(5, 1.2, firms), dice.integers(0, 25, firms)
    popular = dice.normal(0, 1.0, products)
    floor, purpose = dice.lognormal(4, 1.0, products), dice.integers(0, 5, products)
    utility = _utility(kind, dice, popular, (region, industry, revenue, age), (floor, purpose))
    rows = []
    for firm in range(firms):
        for _time in range(dice.poisson(4) + 1):
            likely = np.exp(utility[firm] - utility[firm].max())
            product = dice.choice(products, p=likely / likely.sum())
            utility[firm, product] -= 30.0 if kind != "popularity" else 0.0
            good = dice.random() < 1 / (1 + np.exp(-0.8 - 0.5 * (np.log(revenue[firm]) - 5)))
            day = FIRST + timedelta(days=int(dice.integers(0, DAYS)))
            rows.append((f"F{firm:05d}", f"P{product:03d}", day.isoformat(), "approved" if good else "declined"))
    return WorldFiles(
        _write(folder / "interactions.csv", ("firm", "product", "date", "outcome"), sorted(set(rows))),
        _write(
            folder / "firms.csv",
            ("firm", "region", "industry", "revenue", "age"),
            [
                (f"F{f:05d}", f"R{region[f]}", f"I{industry[f]}", round(float(revenue[f]), 2), age[f])
                for f in range(firms)
            ],
        ),
        _write(
            folder / "products.csv",
            ("product", "min_revenue", "purpose"),
            [(f"P{p:03d}", round(float(floor[p]), 1), f"use{purpose[p]}") for p in range(products)],
        ),
    )


def _utility(kind: str, dice: np.random.Generator, popular: Any, of_firms: Any, of_products: Any) -> Any:
    region, industry, revenue, age = of_firms
    floor, purpose = of_products
    firms, products = len(region), len(popular)
    base = np.tile(popular, (firms, 1)) * (1.0 if kind == "popularity" else 0.5)
    if kind == "features":
        cross = dice.normal(0, 1.2, (9, 12, 5))
        base += cross[region, industry][:, purpose] + dice.normal(0, 0.8, (9, products))[region]
        base += np.where(revenue[:, None] >= floor[None, :], 1.0, -1.5)
        base += dice.normal(0, 0.6, products)[None, :] * ((age[:, None] - 12) / 12)
    if kind == "taste":
        base += dice.normal(0, 1, (firms, 4)) @ dice.normal(0, 1.1, (4, products))
    return base


def _write(path: Path, head: tuple[str, ...], rows: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)
    return path
