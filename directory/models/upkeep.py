"""What keeps the directory in order: imports that can be undone, rebuilds, words nobody knew."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base, Moment


class ImportRun(Base):
    """One import of a roster: who, when, how far; `undone_at` when it was taken back.

    `columns` maps the file's columns to ours; `totals` counts outcomes.
    """

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    filename: Mapped[str] = mapped_column(String(200))
    started_by: Mapped[str] = mapped_column(String(254))
    started_at: Mapped[datetime] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)
    columns: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    totals: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)


class ImportedRow(Base):
    """What an import did with one line; `before` is what undoing it goes back to."""

    __tablename__ = "imported_row"
    __table_args__ = (Index("ix_imported_row_run_line", "run_id", "line"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"))
    line: Mapped[int]
    outcome: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200), default="")
    notes: Mapped[list[str]] = mapped_column(JSON, default=list)
    listing_id: Mapped[int | None] = mapped_column(ForeignKey("listing.id"), index=True)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class RebuildRequest(Base):
    """An admin asks for a fresh index; the indexer does it and says how far it is."""

    __tablename__ = "rebuild_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    asked_by: Mapped[str] = mapped_column(String(254))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")


class IndexReport(Base):
    """What the last comparison of index and database found; there is one row."""

    __tablename__ = "index_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    generation: Mapped[int] = mapped_column(default=0)
    listings: Mapped[int] = mapped_column(default=0)
    cursor: Mapped[int] = mapped_column(default=0)
    differences: Mapped[list[str]] = mapped_column(JSON, default=list)


class UnknownWords(Base):
    """Words that searches found nothing for, once at least five had used them.

    Never with a place, a person or a moment: a total and nothing else.
    """

    __tablename__ = "unknown_words"

    words: Mapped[str] = mapped_column(String(60), primary_key=True)
    total: Mapped[int] = mapped_column(default=0)
    dismissed: Mapped[bool] = mapped_column(default=False)


class AuditHead(Base):
    """Where the chain of audit events ends, so that nobody can cut it short unseen."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    length: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
