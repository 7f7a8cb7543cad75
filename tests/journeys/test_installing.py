"""`pip install .`: a real wheel in a fresh environment, far from any checkout."""

import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from directory import __version__
from tests import sites

NOT_OURS = ("node_modules", "vendor", "__pycache__", "*.egg-info")
KEPT = ("directory", "indexer", "templates")
FILES = ("pyproject.toml", "wsgi.py", "README.md", "LICENSE")
FRONT_PAGE = """
from wsgi import app
visitor = app.test_client()
front, without_libraries = visitor.get("/"), visitor.get("/api/docs")
print(front.status_code, without_libraries.status_code, "Stillpoint" in front.text)
print(app.template_folder)
"""
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """What pip makes of a checkout where nobody built the front end."""
    checkout, made = tmp_path_factory.mktemp("checkout"), tmp_path_factory.mktemp("wheel")
    for folder in KEPT:
        shutil.copytree(
            sites.ROOT / folder, checkout / folder, ignore=shutil.ignore_patterns(*NOT_OURS)
        )
    for file in FILES:
        shutil.copy(sites.ROOT / file, checkout)
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", made, checkout)
    (found,) = made.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """The programs of an environment with the wheel, and with what it needs."""
    home = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", home)
    python = home / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet")
    run(*pip, "--no-deps", "--no-index", "--no-compile", wheel)
    (packages,) = home.glob("lib/python*/site-packages")
    (packages / "needed.pth").write_text(sysconfig.get_path("purelib"))
    return python.parent


@pytest.fixture
def program(installed, database_url, tmp_path) -> Callable:
    """Call it to run an installed program in an empty folder; what it wrote comes back."""
    (tmp_path / "empty").mkdir()
    env = sites.environment(DATABASE_URL=database_url, LOG_LEVEL="ERROR")

    def call(name: str, *words: str, **settings: str) -> str:
        return run(installed / name, *words, cwd=tmp_path / "empty", env=env | settings)

    return call


def run(*command: object, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    ended = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=env, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_the_wheel_holds_all_that_the_site_reads_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as opened:
        held = {name for name in opened.namelist() if ".dist-info/" not in name}

    wanted = {
        str(path.relative_to(sites.ROOT))
        for folder in KEPT
        for path in (sites.ROOT / folder).rglob("*")
        if path.is_file() and not {"node_modules", "vendor", "__pycache__"} & set(path.parts)
    }
    moved = {f"directory/{name}" if name.startswith("templates/") else name for name in wanted}
    assert held == moved | {"wsgi.py"}
    assert wheel.name.startswith(f"stillpoint-{__version__}-")


@on_sqlite
def test_what_is_installed_says_its_version_and_makes_a_database(program, tmp_path):
    empty = {"DATABASE_URL": f"sqlite:///{tmp_path / 'new.db'}"}

    assert program("stillpoint", "--version").startswith(f"Stillpoint {__version__}\n")
    assert program("stillpoint", "migrate", **empty).startswith("0001  The first tables.")
    assert program("stillpoint", "load-reference").endswith("Taxonomy: already there.\n")


@on_sqlite
def test_what_is_installed_builds_an_index_and_serves_pages(program, tmp_path):
    built = program("stillpoint-indexer", "rebuild")
    pages, templates = program("python", "-c", FRONT_PAGE).splitlines()

    assert "serves 0 listings" in built
    assert pages == "200 200 True"
    assert str(sites.ROOT) not in templates
    assert templates.endswith("directory/templates")
    assert (tmp_path / "empty" / "var" / "index").is_dir()
