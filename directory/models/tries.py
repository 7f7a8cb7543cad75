"""How often something was tried, for limits that all workers and machines share."""

from sqlalchemy import Float, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base


class Counter(Base):
    """How often one thing was tried until `ends`, in seconds since 1970; after that it means nothing.

    `key` is a keyed hash: neither who tried nor what can be read from it.
    """

    __tablename__ = "counter"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    hits: Mapped[int]
    ends: Mapped[float] = mapped_column(Float(53), index=True)
