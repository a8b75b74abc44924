"""Names: the trap of ``platform``, packages at every level, and no drawers for things without a place."""

import platform
import subprocess
import sys
import sysconfig
from pathlib import Path

from tests.conventions.tree import ROOT, files, files_below, python_files, relative

DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc"}


def test_platform_is_the_standard_library() -> None:
    assert Path(platform.__file__).parent == Path(sysconfig.get_path("stdlib"))


def test_platform_is_the_standard_library_for_a_program_started_at_the_root() -> None:
    code = "import platform, uuid; print(platform.system())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == platform.system()


def test_no_package_at_the_root_shadows_the_standard_library() -> None:
    at_root = {path.stem for path in ROOT.glob("*.py")} | {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert at_root & set(sys.stdlib_module_names) == set()


def test_every_folder_with_modules_is_a_package() -> None:
    folders = {path.parent for path in python_files("finmart", "tests", "launch", "benchmarks")}
    assert [relative(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_package_files_are_empty() -> None:
    filled = [relative(path) for path in python_files() if path.name == "__init__.py" and path.read_bytes()]
    assert filled == []


def test_there_are_no_drawers() -> None:
    named = [
        relative(path)
        for path in files()
        if {part.removesuffix(path.suffix) for part in path.relative_to(ROOT).parts} & DRAWERS
    ]
    assert named == []


def test_no_program_lies_inside_the_package() -> None:
    # Started by its path, a file in finmart/ would put finmart/platform in front of the standard library.
    programs = [
        relative(path)
        for path in files_below("finmart", suffix=".py")
        if path.read_bytes().startswith(b"#!") or "__main__" in path.name
    ]
    assert programs == []
