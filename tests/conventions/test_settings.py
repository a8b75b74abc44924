"""Every setting is read in one place and stands in one page."""

import re

from tests.conventions.tree import ROOT, python_files, relative

SETTING = re.compile(r"\bFINMART_[A-Z][A-Z0-9_]*\b")
# Who runs a command is not a setting; everything else that is read from the environment is one.
READING = re.compile(r"\bos\.(?:environ\.get\(|environ\[|getenv\()(?![\"']USER)")
CONFIG = ROOT / "finmart" / "config.py"


def _settings() -> set[str]:
    return set(SETTING.findall(CONFIG.read_text(encoding="utf-8")))


def test_every_setting_is_documented() -> None:
    documented = set(SETTING.findall((ROOT / "docs" / "settings.md").read_text(encoding="utf-8")))
    assert _settings() - documented == set()


def test_no_documented_setting_is_unknown() -> None:
    documented = set(SETTING.findall((ROOT / "docs" / "settings.md").read_text(encoding="utf-8")))
    known = _settings() | {name for name in documented if name.startswith("FINMART_TEST_")}
    assert documented - known == set()


def test_no_other_module_reads_the_environment() -> None:
    found = [
        relative(path)
        for path in python_files("finmart")
        if path != CONFIG and READING.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
