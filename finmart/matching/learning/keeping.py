"""Writing down what a trial found: its answer, the first products of each firm, sentences for people."""

import csv
import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from finmart.matching.learning.trial import MODEL, Trial

#: The state of whatever training makes: people look at it, nothing uses it.
DRAFT = "draft"


def write_places(found: Trial, out: Path) -> None:
    """One row a tested firm and place, so that anybody can judge the ranking with figures of his own."""
    firms, products = found.world.table.firms.keys, found.world.table.products.keys
    with out.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("firm", "place", "product"))
        for firm, order in zip(found.firms, found.order, strict=True):
            writer.writerows((firms[firm], place, products[at]) for place, at in enumerate(order, start=1))


def draft_of(found: Trial, made_on: date) -> dict[str, Any]:
    """What training came to, as a draft that names its data, day and metrics; nothing reads it back."""
    return {"state": DRAFT, "made_on": made_on.isoformat(), "weights": found.ranker.weights, **found.answer}


def write_draft(found: Trial, out: Path, made_on: date) -> None:
    """The draft as a JSON file."""
    out.write_text(json.dumps(draft_of(found, made_on), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def sentences(answer: dict[str, Any]) -> Iterable[str]:
    """The answer in lines for people."""
    data = answer["data"]
    yield f"{data['test_firms']} firms judged from {answer['test_from']} on, {data['products']} products"
    for name, figures in answer["ranking"].items():
        yield f"  {name:<34} {of_ranking(figures)}"
    for name, gain in answer["gain_over"].items():
        one = gain["ndcg@10"]
        yield f"  {MODEL} − {name}: NDCG@10 {one['mean']:+.4f} (95 %: {one['low']:+.4f} to {one['high']:+.4f})"
    yield from of_segments(answer["ranking_by_segment"])
    yield from of_likelihood(answer["likelihood"])
    yield from answer["notes"]


def of_ranking(figures: Mapping[str, Any]) -> str:
    """hit@k and NDCG in one line."""
    return "  ".join(f"{key} {value:.4f}" for key, value in figures.items() if key != "firms")


def of_segments(segments: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
    """A ranking's figures by segment in lines for people."""
    for segment, parts in segments.items():
        yield f"  by {segment}:" if parts else f"  by {segment}: too few cases in each"
        for value, figures in parts.items():
            yield f"    {value or 'not stated':<32} {of_ranking(figures)}  ({figures['firms']} cases)"


def of_likelihood(likely: Mapping[str, Any]) -> Iterable[str]:
    """A likelihood's figures, its reliability and its segments in lines for people."""
    if not likely["trained"]:
        yield f"  no likelihood: {likely['because']}"
        return
    yield f"  likelihood: {_told(likely)}, the share alone would have Brier {likely['brier_of_the_share']:.4f}"
    for name, direction in likely.get("directions", {}).items():
        yield f"    {name} {direction} it"
    for line in likely["reliability"]:
        place = f"{line['from']:.1f} to {line['to']:.1f}"
        yield f"    told {place}: mean {line['likelihood']:.3f}, came {line['share']:.3f} of {line['cases']}"
    for segment, parts in likely["by_segment"].items():
        yield f"  likelihood by {segment}:" if parts else f"  likelihood by {segment}: too few cases in each"
        for value, figures in parts.items():
            yield f"    {value or 'not stated':<32} {_told(figures)}  ({figures['cases']} decisions)"


def _told(figures: Mapping[str, Any]) -> str:
    error, auc = figures["expected_calibration_error"], figures["auc"]
    told = "not defined" if auc is None else f"{auc:.4f}"
    return f"Brier {figures['brier']:.4f}  calibration error {error:.4f}  AUC {told}"
