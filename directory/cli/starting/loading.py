"""`python -m directory.cli.starting.loading …`: gunicorn, once the program is loaded and the site prepared.

`up` starts it first of all, so that the program is loaded while the rest is prepared.
"""

import gc
import os
import sys
from importlib import import_module

# Where `up` says that all is prepared: a pipe's number. Without it there is nothing to wait for.
GO_FD = "STILLPOINT_GO_FD"
PROGRAM = ("directory.gunicorn_conf", "directory.app", "directory.web", "directory.api")


def main() -> None:
    """Load the program, wait until there is something to serve, and serve it."""
    # Nearly all that is loaded stays for good: looking for waste meanwhile takes a fifth of the
    # time. The workers look again (gunicorn_conf.post_worker_init).
    gc.disable()
    told = os.environ.pop(GO_FD, None)
    if told is not None:
        for part in PROGRAM:
            import_module(part)
        if not os.read(int(told), 1):
            sys.exit(0)
    from gunicorn.app import wsgiapp  # late: `up` asks here for GO_FD alone

    wsgiapp.run()


if __name__ == "__main__":
    main()
