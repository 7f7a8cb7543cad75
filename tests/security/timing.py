"""Whether the time of an answer tells if an address has an account.

    .venv/bin/python -m tests.security.timing [N]

Asks each page N times (500) for a known and for an unknown address, by turns, and prints the area
under the ROC curve: 0.5 is a toss, 0.55 what ASVS 6.3.8 is held to here. Never part of a timed
test: these figures belong to a quiet machine.
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from typing import Any

from flask import Flask
from flask_security import hash_password

from directory import migrations
from directory.app import create_app
from directory.config import Config
from directory.db import make_engine
from directory.signin import limits
from tests import factories, sign_ins

KINDS: dict[str, dict[str, Any]] = {
    "known": {},
    "unconfirmed": {"confirmed_at": None, "password": None},
    "disabled": {"active": False},
}
PAGES = ("sign-in", "sign-up", "reset", "confirm")


def area(ours: Sequence[float], others: Sequence[float]) -> float:
    """How often one of ours takes longer than one of the others, ties by half; from 0.5 up."""
    ranked = sorted([(one, 0) for one in others] + [(one, 1) for one in ours])
    ranks = sum(rank for rank, (_, mine) in enumerate(ranked, 1) if mine)
    found = (ranks - len(ours) * (len(ours) + 1) / 2) / (len(ours) * len(others))
    return max(found, 1 - found)


def main(times: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        config = Config.from_env({"DATA_DIR": folder, "LOG_LEVEL": "ERROR"})
        engine = make_engine(config.database_url)
        migrations.to_head(engine)
        engine.dispose()
        app = create_app(config)
        here = app.extensions["stillpoint"]
        with app.app_context():
            kept = hash_password(factories.PASSWORD)  # as costly as everybody's
        for kind, changes in KINDS.items():
            sign_ins.known(here, f"{kind}@practice.example", **{"password": kept} | changes)
        for page in PAGES:
            for kind in KINDS:
                ours, others = measured(app, page, kind, times)
                print(f"{page:8} {kind:12} {area(ours, others):.3f}")


def measured(app: Flask, page: str, kind: str, times: int) -> tuple[list[float], list[float]]:
    """Seconds of each answer to a known and to an unknown address, asked by turns."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for number in range(times):
        for which, name in enumerate(
            (f"{kind}@practice.example", f"no{number:05}@practice.example")
        ):
            limits.of(app).reset()  # whoever asks that often is held up long before
            client = app.test_client()
            client.environ_base["REMOTE_ADDR"] = f"10.{number % 200}.{which}.{number // 200}"
            sign_ins.carry_token(client)
            began = time.perf_counter()
            client.post(
                f"/account/{page}", data={"email": name, "password": factories.PASSWORD + "x"}
            )
            seconds[which].append(time.perf_counter() - began)
    return seconds


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
