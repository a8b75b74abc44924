"""What must never stand in a text of the project: promises the law forbids, and the paths of somebody's machine."""

import re
from pathlib import Path

from tests.conventions.tree import ROOT, files, files_below, relative

# 广告法 4, 9, 28: no promise of success, no borrowed authority.
FORBIDDEN = ("包过", "必贷", "秒批", "零门槛", "官方推荐")
TEXT = re.compile(r"\.(?:py|md|html|css|js|toml|txt|ini|csv|json|po|sh|cfg|yml)$|^[^.]+$")
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+|opt/wheels)/|[A-Z]:\\\\?Users\\")
INDEX = re.compile(r"^(?:--(?:extra-)?index-url|--find-links|--trusted-host|-i |-f )", re.MULTILINE)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_no_page_promises_what_the_law_forbids() -> None:
    # Data files quote what institutions say themselves; our own words are in code and templates.
    spoken = [path for path in files_below("templates", "finmart", "static") if path.suffix in {".html", ".py", ".js"}]
    found = [f"{relative(path)}: {word}" for path in spoken for word in FORBIDDEN if word in _text(path)]
    assert found == []


def test_no_path_of_a_machine_is_written_down() -> None:
    found = [
        f"{relative(path)}: {match.group()}"
        for path in files()
        if TEXT.search(path.name) and path != Path(__file__)
        for match in MACHINE_PATH.finditer(_text(path))
    ]
    assert found == []


def test_locked_packages_name_no_package_host() -> None:
    found = [path.name for path in ROOT.glob("requirements*.txt") if INDEX.search(_text(path))]
    assert found == []


def test_every_locked_package_has_a_hash() -> None:
    for path in ROOT.glob("requirements*.txt"):
        packages = re.split(r"(?m)^(?=[A-Za-z0-9])", _text(path))[1:]
        assert packages
        assert [block.splitlines()[0] for block in packages if "--hash=sha256:" not in block] == []


def test_nothing_is_left_for_later() -> None:
    marks = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X")) + r"(?!\w)")
    found = [
        f"{relative(path)}:{number}"
        for path in files()
        if path.suffix in {".py", ".html", ".css", ".js", ".md"}
        for number, line in enumerate(_text(path).splitlines(), 1)
        if marks.search(line)
    ]
    assert found == []
