"""The law of the house: which file may import which."""

import subprocess
import sys
from pathlib import Path

from tests.house.files import ROOT


def test_imports_obey_every_contract():
    # In a process of its own: it switches off every logger that it finds.
    command = Path(sys.executable).parent / "lint-imports"

    ended = subprocess.run([command], cwd=ROOT, capture_output=True, text=True)

    assert ended.returncode == 0, ended.stdout
    assert "0 broken" in ended.stdout
