"""What stands in the pages and in the files of an installation with services exists as it is written there."""

import re
import shlex
from pathlib import Path
from typing import Any

import elasticsearch
import pytest
import yaml

from tests.conventions.commands import in_markdown, in_shell, unknown
from tests.conventions.test_settings import SETTING, _settings
from tests.conventions.tree import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
EXAMPLES = {"site.env": "site.env.example", "services.env": "services.env.example"}


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(_text("compose.yaml"))
    return read


def _variables(name: str) -> dict[str, str]:
    lines = [line for line in _text(name).splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_of_the_pages_exists(page: Path) -> None:
    assert [fault for said in in_markdown(page.read_text(encoding="utf-8")) if (fault := unknown(said))] == []


def test_the_pages_name_commands_and_a_wrong_one_is_found() -> None:
    named = [said for page in PAGES for said in in_markdown(page.read_text(encoding="utf-8"))]
    assert len(named) > 40
    assert unknown("backup verify ARCHIVE --json") == unknown("backup TARGET") == unknown("jobs work --pause 1") == ""
    assert unknown("jobs rest")
    assert unknown("serve --port 1 --procs 2") == "serve --port 1 --procs 2: --procs"
    assert list(in_shell("cd x && finmart jobs work --pause 1; .venv/bin/finmart serve  # so")) == [
        "jobs work --pause 1",
        "serve",
    ]


@pytest.mark.parametrize("name", ["compose.yaml", "Dockerfile", *EXAMPLES.values()])
def test_every_setting_is_one(name: str) -> None:
    assert set(SETTING.findall(_text(name))) - _settings() == set()


def test_commands_of_the_containers_exist() -> None:
    said = [shlex.join(service["command"]) for service in _compose()["services"].values() if "command" in service]
    said += [
        shlex.join(yaml.safe_load(line)) for line in re.findall(r"^CMD (\[.*\])$", _text("Dockerfile"), re.MULTILINE)
    ]
    said += ["finmart jobs status"]
    assert len(said) == 4
    for each in said:
        (words,) = in_shell(each)
        assert unknown(words) == "", each


def test_secrets_stand_in_files_that_git_does_not_take_and_have_no_default() -> None:
    ignored = _text(".gitignore").splitlines()
    for name, example in EXAMPLES.items():
        assert name in ignored
        for variable, value in _variables(example).items():
            if re.search(r"PASSWORD|KEY|TOKEN|SECRET", variable):
                assert value == "", variable
    used = {service["env_file"] for service in _compose()["services"].values()}
    assert used == set(EXAMPLES)
    assert not re.search(r"(PASSWORD|KEYS|SECRET|TOKEN)\w*:\s*\S", _text("compose.yaml"))


def test_only_the_site_reads_the_sites_secrets() -> None:
    services = _compose()["services"]
    assert {name for name, service in services.items() if service["env_file"] == "site.env"} == {
        "tables",
        "web",
        "worker",
    }
    assert not any(variable.startswith("FINMART_") for variable in _variables("services.env.example"))


def test_services_are_watched_and_nothing_is_open_to_the_network() -> None:
    services = _compose()["services"]
    assert {name for name, service in services.items() if "healthcheck" not in service} == {"tables"}
    ports = [port for service in services.values() for port in service.get("ports", ())]
    assert ports == ["127.0.0.1:8000:8000"]
    volumes = {mount.split(":")[0] for service in services.values() for mount in service["volumes"]}
    assert volumes == set(_compose()["volumes"])


def test_one_elasticsearch_everywhere() -> None:
    (tested,) = re.findall(r"^es_version=(\S+)$", _text(".ci/run"), re.MULTILINE)
    assert _compose()["services"]["search"]["image"] == f"elasticsearch:{tested}"
    assert tested.split(".")[:2] == [str(part) for part in elasticsearch.VERSION[:2]]


def test_the_image_takes_nothing_that_is_not_named() -> None:
    lines = [line for line in _text(".dockerignore").splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*"
    named = [line[1:] for line in lines if line.startswith("!")]
    assert all((ROOT / name).exists() for name in named)
    assert not {"var", ".git", "tests", *EXAMPLES} & set(named)
