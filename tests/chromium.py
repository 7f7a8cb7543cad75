"""The browser of the browser tests: one that is installed, or Debian's when we may install it."""

import os
import shutil
import subprocess
from pathlib import Path

NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
ON_A_MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
FLAGS = (
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> str | None:
    """The path of an installed Chromium or Chrome."""
    found = (shutil.which(name) for name in NAMES)
    on_a_mac = (path for path in ON_A_MAC if Path(path).exists())
    return next((path for path in (*found, *on_a_mac) if path), None)


def flags() -> list[str]:
    """What to start it with; root may only run it without its sandbox."""
    return [*FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def install() -> None:
    """Get one by apt when nothing is there and we are root; a failure leaves it missing."""
    if find() or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("Installing Chromium for the browser tests …", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
    for package in NAMES[:2]:
        if not find():
            subprocess.run(["apt-get", "install", "-y", "-qq", package], env=quiet, check=False)


if __name__ == "__main__":
    install()
