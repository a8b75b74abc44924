"""Write the file of judged queries again: ``python -m tests.golden.search.writing``."""

import json

from finmart.products.catalogue import DATA
from tests.golden.search.judging import judged
from tests.golden.search.rules import RULES


def main() -> None:
    """One JSON object a line, in the order of the rules."""
    lines = [json.dumps(line, ensure_ascii=False) for line in judged(RULES)]
    (DATA / "search" / "queries.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
