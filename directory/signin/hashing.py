"""Hashing passwords, which takes long on purpose, outside of any transaction that writes.

On SQLite nobody else can write meanwhile, on PostgreSQL whoever wants the same rows waits.
"""

from typing import Any

from directory.signin import store


class Hashing:
    """Flask-Security's hashes; the request's transaction ends before one is made, and what was
    read in it is looked at again afterwards."""

    def __init__(self, context: Any) -> None:
        self._context = context

    def hash(self, secret: str | bytes, **how: Any) -> str:
        """The hash of a password."""
        with store.apart():
            made: str = self._context.hash(secret, **how)
        return made

    def verify(self, secret: str | bytes, known: str) -> bool:
        """Whether it is the password of that hash."""
        with store.apart():
            right: bool = self._context.verify(secret, known)
        return right

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)
