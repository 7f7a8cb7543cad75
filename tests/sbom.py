"""`make sbom`: what the site is made of, as CycloneDX, and the same whenever nothing changed.

The locks say which files were meant (versions and hashes), what is installed says which of them
are there and under which licences: as `/about/attribution` does, from the same place.
"""

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from directory import __version__
from directory.web.site import libraries

ROOT = Path(__file__).parent.parent
LOCK = ROOT / ".locks" / "run.txt"
NPM_LOCK = ROOT / "directory" / "assets" / "package-lock.json"
NODE_MODULES = "node_modules/"


def bill() -> dict[str, Any]:
    """The whole bill of materials."""
    made: dict[str, Any] = json.loads(_of_the_lock())
    installed = {canonicalize_name(one.name): one for one in libraries.installed()}
    python = [
        _licensed(one, installed[canonicalize_name(one["name"])])
        for one in made["components"]
        if _is(one, installed.get(canonicalize_name(one["name"])))
    ]
    if len(python) != len(installed):
        sys.exit("What is installed is not what the lock says: make clean, then make sbom.")
    scripts = list(_scripts())
    made["components"] = sorted(python + [one for one, _ in scripts], key=lambda one: one["purl"])
    root = made["metadata"]["component"]
    root["version"] = __version__
    made["dependencies"] = _graph(root["bom-ref"], python, installed, scripts)
    return made


def _of_the_lock() -> bytes:
    command = [sys.executable, "-W", "ignore", "-m", "cyclonedx_py", "requirements", str(LOCK)]
    options = ["--pyproject", str(ROOT / "pyproject.toml"), "--output-reproducible", "--of", "JSON"]
    return subprocess.run([*command, *options], check=True, capture_output=True).stdout


def _is(component: dict[str, Any], library: libraries.Library | None) -> bool:
    """The lock holds other versions for other Pythons."""
    return library is not None and component["version"] == library.version


def _licensed(component: dict[str, Any], library: libraries.Library) -> dict[str, Any]:
    component.pop("description", None)  # the line of the lock
    component["bom-ref"] = component["purl"]
    if library.is_spdx:
        component["licenses"] = [{"expression": library.licence}]
    elif library.licence:
        component["licenses"] = [{"license": {"name": library.licence}}]
    return component


def _scripts() -> Iterator[tuple[dict[str, Any], list[str]]]:
    """The front-end libraries, each with the names that it stands on."""
    packages = json.loads(NPM_LOCK.read_text("utf-8"))["packages"]
    for path, told in packages.items():
        if not path:
            continue
        name = path.rpartition(NODE_MODULES)[2]
        purl = f"pkg:npm/{name.replace('@', '%40')}@{told['version']}"
        digest = base64.b64decode(told["integrity"].removeprefix("sha512-")).hex()
        component = {
            "bom-ref": purl,
            "hashes": [{"alg": "SHA-512", "content": digest}],
            "licenses": [{"expression": told["license"]}],
            "name": name,
            "purl": purl,
            "type": "library",
            "version": told["version"],
        }
        yield component, sorted(told.get("dependencies", {}))


def _graph(
    root: str,
    python: list[dict[str, Any]],
    installed: dict[str, libraries.Library],
    scripts: list[tuple[dict[str, Any], list[str]]],
) -> list[dict[str, Any]]:
    """Who stands on whom."""
    refs = {canonicalize_name(one["name"]): one["bom-ref"] for one in python}
    npm = {one["name"]: one["bom-ref"] for one, _ in scripts}
    first = {canonicalize_name(one.name) for one in libraries.wanted()}
    ours = json.loads(NPM_LOCK.read_text("utf-8"))["packages"][""]["dependencies"]
    edges = {root: [refs[name] for name in first if name in refs] + [npm[name] for name in ours]}
    for name, ref in refs.items():
        edges[ref] = [refs[need] for need in installed[name].needs if need in refs]
    for one, needs in scripts:
        edges[one["bom-ref"]] = [npm[need] for need in needs]
    return [
        {"ref": ref, "dependsOn": sorted(needs)} if needs else {"ref": ref}
        for ref, needs in sorted(edges.items())
    ]


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(bill(), indent=2, sort_keys=True) + "\n", "utf-8")
