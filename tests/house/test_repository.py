"""What must never be in the repository."""

import re
import subprocess

from tests.house.files import ROOT, name, ours

SECRETS = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[0-9A-Za-z]{30,}"
    r"|\bxox[abprs]-[0-9A-Za-z-]{10,}|\bsk_live_[0-9A-Za-z]{16,}"
    r"|(?i:secret_key|password|token)\s*=\s*[\"'][0-9a-f]{32,}[\"']"
)
# Homes and temporary folders of whoever wrote it.
MACHINES = re.compile(r"(?<![\w.$}/-])/(?:home|root|Users|work|farm|tmp)/[a-z]")


def lines_with(pattern: re.Pattern[str], *suffixes: str) -> list[str]:
    return [
        f"{name(path)}:{number}"
        for path in ours(*suffixes)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_secret_is_kept_in_a_file():
    assert lines_with(SECRETS) == []


def test_no_file_knows_the_machine_it_was_written_on():
    assert lines_with(MACHINES) == []


def test_fetched_and_made_files_are_not_tracked():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    made = ("directory/static/vendor/", "var/", ".venv/", "directory/assets/node_modules/")

    assert listed.returncode == 0
    assert [file for file in listed.stdout.splitlines() if file.startswith(made)] == []


def test_every_locked_package_has_its_hashes_and_names_no_host():
    locks = sorted((ROOT / ".locks").glob("*.txt"))

    assert {path.stem for path in locks} >= {"run", "dev", "node"}
    for path in locks:
        entries = re.split(r"\n(?=\S)", path.read_text().strip())
        assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
        assert "://" not in path.read_text()


def test_what_runs_is_the_same_where_it_is_tested():
    run, dev = (_pins(kind) for kind in ("run", "dev"))

    assert run <= dev


def _pins(kind: str) -> set[str]:
    """Each package with its version; where it is wanted at all may differ."""
    text = (ROOT / ".locks" / f"{kind}.txt").read_text()
    return {re.split(r"[ ;\\]", line)[0] for line in text.splitlines() if line[0].isalnum()}
