"""Export: everything that we hold about somebody, as they may read it."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from directory.errors import NotFound
from directory.models import Account, Actor, Draft
from directory.usecases.accounts import ownership
from directory.usecases.accounts.ownership import TABLES, Owned, Whose
from directory.usecases.audit import chain

FORMAT = "stillpoint-export-1"


def export(session: Session, *, by: Actor, at: datetime) -> dict[str, Any]:
    """All rows of an account and its listings, by table, ready for JSON.

    The tables are those that erasure touches. No password, code, token or key is in it,
    whether hashed or not.
    """
    account = session.get(Account, by.account_id)
    if account is None or not account.active:
        raise NotFound("There is no such account.")
    mine = ownership.whose(session, account)
    chain.record(session, "own data exported", None, by=str(by), at=at)
    return {
        "format": FORMAT,
        "exported_at": at.isoformat(),
        "tables": {owned.table.name: _rows(session, owned, mine) for owned in reversed(TABLES)},
    }


def _rows(session: Session, owned: Owned, mine: Whose) -> list[dict[str, Any]]:
    columns = [getattr(owned.model, name) for name in owned.shown]
    which = owned.exported or owned.rows
    found = session.execute(
        select(*columns).where(which(mine)).order_by(*owned.table.primary_key.columns)
    )
    return [
        {name: _plain(value) for name, value in zip(owned.shown, row, strict=True)} for row in found
    ]


def _plain(value: Any) -> Any:
    """A value as JSON holds it."""
    if isinstance(value, Draft):
        return value.to_json()
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value
