"""The programs that the site stands on, as they are installed: names, versions, licences."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

OURSELVES = "stillpoint"
PROJECT = Path(__file__).parents[3] / "pyproject.toml"
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Library:
    """One Python package: its licence as an SPDX expression, or in its own words if it has none.

    `needs` are the names of those that it stands on itself.
    """

    name: str
    version: str
    licence: str
    is_spdx: bool
    needs: tuple[str, ...]


@cache
def installed() -> tuple[Library, ...]:
    """What runs here beside our own code, by name; no tool for tests is among it."""
    waiting = list(wanted())
    extras: dict[str, set[str]] = {}
    found: dict[str, Distribution] = {}
    while waiting:
        need = waiting.pop()
        name = canonicalize_name(need.name)
        new = {"", *need.extras} - extras.setdefault(name, set())
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:  # for another system, or left out on purpose
            continue
        extras[name] |= new
        waiting += [one for extra in new for one in _needs(found[name], extra)]
    return tuple(_library(found[name], extras[name]) for name in sorted(found))


def wanted() -> Iterator[Requirement]:
    """What our own code asks for: by the project's file in a checkout, else as installed."""
    if PROJECT.is_file():
        project = tomllib.loads(PROJECT.read_text("utf-8"))["project"]
        yield from map(Requirement, project["dependencies"])
    else:
        yield from _needs(distribution(OURSELVES), "")


def _needs(package: Distribution, extra: str) -> Iterator[Requirement]:
    for line in package.requires or ():
        need = Requirement(line)
        if need.marker.evaluate({"extra": extra}) if need.marker else not extra:
            yield need


def _library(package: Distribution, extras: set[str]) -> Library:
    told = package.metadata
    spdx = (told.get_all("License-Expression") or [""])[0]
    names = {canonicalize_name(one.name) for extra in extras for one in _needs(package, extra)}
    return Library(
        name=told["Name"],
        version=package.version,
        licence=spdx or _in_words(package),
        is_spdx=bool(spdx),
        needs=tuple(sorted(names)),
    )


def _in_words(package: Distribution) -> str:
    """A licence as packages told it before there were expressions: in a line, or as a class."""
    told = package.metadata
    line = " ".join((told.get_all("License") or [""])[0].split())
    if line and len(line) <= LONGEST and line != "UNKNOWN":
        return line
    classes = [one for one in told.get_all("Classifier") or () if one.startswith("License ::")]
    return ", ".join(re.sub(r".*:: ", "", one) for one in classes)
