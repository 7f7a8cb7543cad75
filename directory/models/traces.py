"""What belongs to a listing beside its words: photos, totals, old addresses; and what one leaves."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base, Moment


class Photo(Base):
    """A portrait; its files lie under `DATA_DIR/photos`, made by us from what was sent."""

    __tablename__ = "photo"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), index=True)
    width: Mapped[int]
    height: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(Moment)


class Tally(Base):
    """How often, on one day, a listing was opened ("opened") or found by a search ("found").

    A total and nothing else: not by whom, from where, or with which words.
    """

    __tablename__ = "tally"

    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    what: Mapped[str] = mapped_column(String(10), primary_key=True)
    total: Mapped[int] = mapped_column(default=0)


class Tombstone(Base):
    """The address of an erased listing, as a keyed hash: enough to answer "gone", no more."""

    __tablename__ = "tombstone"

    slug_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)


class DoNotList(Base):
    """Somebody who wants no listing: keyed hashes of what an import would know them by."""

    __tablename__ = "do_not_list"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)


class Slug(Base):
    """An address a listing once had: it leads to the new one, or says that all is gone."""

    __tablename__ = "slug"

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id"), index=True)
