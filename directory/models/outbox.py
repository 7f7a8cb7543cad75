"""What the index has yet to hear."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from directory.db import Base, Moment


class IndexChange(Base):
    """A listing whose public profile changed; the row says which, SQL says how it is now."""

    __tablename__ = "index_change"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    listing_id: Mapped[int] = mapped_column(ForeignKey("listing.id"))
    at: Mapped[datetime] = mapped_column(Moment)
