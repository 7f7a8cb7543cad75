"""`FULL=1 make test` tries more of what the plain run proves: TIMES as much, on both databases."""

import os

from hypothesis import settings

FULL = os.environ.get("FULL", "") not in ("", "0")
TIMES = 10 if FULL else 1

settings.register_profile("full", max_examples=100 * TIMES, deadline=None)
if FULL:
    settings.load_profile("full")
