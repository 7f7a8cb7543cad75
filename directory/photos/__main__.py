"""The process that draws one portrait: `python -m directory.photos X Y SIZE < sent > drawn`.

It has little memory and little time, so that a picture made to harm harms nobody else.
"""

import os
import sys
from contextlib import suppress

from directory.errors import Invalid
from directory.photos.album import FIRST_REFUSAL, SECONDS
from directory.photos.drawing import REFUSALS, Crop, draw

MEMORY = 1_500_000_000
NICENESS = 10


def main(crop: Crop) -> int:
    """The work of the process: 0, or the number of the refusal."""
    _limit()
    try:
        for one in draw(sys.stdin.buffer.read(), crop):
            sys.stdout.buffer.write(f"{one.size} {one.ext} {len(one.data)}\n".encode() + one.data)
    except Invalid as refusal:
        words = next(iter(refusal.fields.values()))[0]
        return FIRST_REFUSAL + next(n for n, one in enumerate(REFUSALS) if one is words)
    return 0


def _limit() -> None:
    # Whoever searches goes first.
    with suppress(AttributeError, OSError):
        os.nice(NICENESS)
    # Not every system has each of these limits; the time limit of the parent holds on all.
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


if __name__ == "__main__":
    sys.exit(main(Crop(*map(float, sys.argv[1:4]))))
