"""A supplier's delivery of tax invoices for a few made-up firms, as the contest's files look."""

import csv
import gzip
import random
from datetime import date, timedelta
from pathlib import Path

HEADERS = {
    "output": ("企业代号", "发票号码", "开票日期", "购方单位代号", "金额", "税额", "价税合计", "发票状态"),
    "input": ("企业代号", "发票号码", "开票日期", "销方单位代号", "金额", "税额", "价税合计", "发票状态"),
}
VALID, VOID = "有效发票", "作废发票"


def _lines(firm: int, side: str, until: date, dice: random.Random) -> list[tuple[str, ...]]:
    """About three years of lines whose size and span differ from firm to firm; some voided, red or doubled."""
    size, months = 2_000 * 3**firm, 3 + firm * 5
    found = []
    for number in range(months * 4):
        on = until - timedelta(days=dice.randrange(30 * months))
        yuan = dice.randrange(size // 2, size) * (-1 if dice.random() < 0.05 else 1)
        state = VOID if dice.random() < 0.06 else VALID
        cells = (f"E{firm}", f"{side[0]}{number:06}", f"{on.year}/{on.month}/{on.day}", f"B{number % 7:05}")
        found.append((*cells, f"{yuan}.5", f"{yuan // 10}.0", f"{yuan + yuan // 10}.5", state))
    return [*found, found[0]]


def write_delivery(folder: Path, *, firms: int, until: date) -> Path:
    """Write ``enterprises.csv`` and the two invoice files of firms E1 … En into ``folder``; every third is a trader."""
    folder.mkdir(parents=True, exist_ok=True)
    dice = random.Random(20_200_221)
    with (folder / "enterprises.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("企业代号", "企业名称", "信誉评级", "是否违约"))
        for firm in range(1, firms + 1):
            writer.writerow((f"E{firm}", f"个体经营E{firm}" if firm % 3 == 0 else f"***贸易有限公司{firm}", "A", "否"))
    for side, header in HEADERS.items():
        with gzip.open(folder / f"{side}_invoices.csv.gz", "wt", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(header)
            for firm in range(1, firms + 1):
                writer.writerows(_lines(firm, side, until, dice))
    return folder
