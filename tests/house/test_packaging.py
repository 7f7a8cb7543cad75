"""What is installed: every room of the house, and what it needs beside its code."""

import tomllib
from pathlib import Path

from tests.house.files import ROOT, name, ours

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
SETUPTOOLS = PROJECT["tool"]["setuptools"]


def test_every_folder_with_code_is_a_package_that_gets_installed():
    code = (path for path in ours(".py") if name(path).startswith(("directory/", "indexer/")))
    rooms = {name(path.parent).replace("/", ".") for path in code}

    assert set(SETUPTOOLS["packages"]) == rooms | {"directory.templates"}


def test_every_file_beside_the_code_gets_installed():
    moved = {"directory.templates": "templates"}
    installed = {
        str(path.relative_to(ROOT))
        for package, patterns in SETUPTOOLS["package-data"].items()
        for pattern in patterns
        for path in (ROOT / moved.get(package, package.replace(".", "/"))).glob(pattern)
    }
    beside = {
        name(path)
        for path in ours()
        if name(path).startswith(("directory/", "templates/")) and path.suffix != ".py"
    }

    assert beside - installed == set()


def test_the_version_stands_in_one_place():
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert "version" not in PROJECT["project"]
    assert '__version__ = "' in Path(ROOT, "directory/__init__.py").read_text()
