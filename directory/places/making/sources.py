"""Where an installed package keeps its files, without running anything of it."""

from importlib.util import find_spec
from pathlib import Path


def folder_of(package: str) -> Path:
    """The folder of a package that is installed."""
    spec = find_spec(package)
    if not spec or not spec.submodule_search_locations:
        raise LookupError(f"The package {package} is not installed.")
    return Path(spec.submodule_search_locations[0])
