"""The matching engine beside peers that do the same work.

``python -m benchmarks.matching [online] [prospects] [everyone] [edits] [--rounds N] [--json]``; without a name all of
them run. Products and applicants are generated from a fixed seed (``generated``). Every line names its peers and their
form, was compared with the plain evaluator in the same run, and gives medians of at least five rounds.
"""

import argparse
import json
from collections.abc import Sequence
from importlib import import_module
from typing import Any

#: Each is a module here with ``lines(rounds) -> list of dicts``; loaded only when asked for, as some need extras.
NAMES = ("online", "prospects", "everyone", "edits")
LEAST_ROUNDS = 5


def measured(names: Sequence[str], rounds: int) -> list[dict[str, Any]]:
    """The lines of the benchmarks ``names``, each with at least five rounds."""
    found: list[dict[str, Any]] = []
    for name in names:
        found += import_module(f"benchmarks.matching.{name}").lines(max(LEAST_ROUNDS, rounds))
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.matching", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="name", help=f"any of {', '.join(NAMES)}")
    parser.add_argument("--rounds", type=int, default=LEAST_ROUNDS, help="rounds of each; at least five")
    parser.add_argument("--json", action="store_true", help="print a JSON list and nothing else")
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - set(NAMES):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    found = measured(chosen.names or NAMES, chosen.rounds)
    if chosen.json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for line in found:
        print("  ".join(f"{name}: {value}" for name, value in line.items()))


if __name__ == "__main__":
    main()
