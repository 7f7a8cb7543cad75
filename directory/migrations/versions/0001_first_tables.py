"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def moment() -> sa.DateTime:
    """An instant with its zone."""
    return sa.DateTime(timezone=True)


def by_bytes(length: int) -> sa.String:
    """Text that compares byte by byte in both databases."""
    text = sa.String(length)
    return text.with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    make_accounts()
    make_taxonomy()
    make_gazetteer()
    make_listings()
    make_journals()


def make_accounts() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("email", name="uq_account_email"),
    )


def make_taxonomy() -> None:
    op.create_table(
        "condition",
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("group_name", sa.String(20), nullable=False),
        sa.Column("icd10cm", sa.String(10), nullable=False),
        sa.Column("flags", sa.String(10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name="pk_condition"),
    )
    op.create_table(
        "credential",
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("issuer", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name="pk_credential"),
    )
    op.create_table(
        "profession",
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("label", sa.String(80), nullable=False),
        sa.Column("plural", sa.String(80), nullable=False),
        sa.Column("nucc", sa.String(10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name="pk_profession"),
    )
    op.create_table(
        "synonym",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("slug", sa.String(60), nullable=False),
        sa.Column("words", sa.String(80), nullable=False),
        sa.Column("everyday", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_synonym"),
    )
    op.create_index("uq_synonym", "synonym", ["kind", "slug", "words"], unique=True)


def make_gazetteer() -> None:
    op.create_table(
        "gazetteer_names",
        sa.Column("tier", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("key", by_bytes(80), nullable=False),
        sa.Column("town_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tier", "key", "town_id", name="pk_gazetteer_names"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "gazetteer_postcodes",
        sa.Column("key", by_bytes(12), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("locality", sa.String(100), nullable=False),
        sa.Column("region", sa.String(10), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("quality", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", "country", name="pk_gazetteer_postcodes"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "gazetteer_region_names",
        sa.Column("key", by_bytes(80), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("short", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", "country", "code", name="pk_gazetteer_region_names"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "gazetteer_regions",
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("country", "code", name="pk_gazetteer_regions"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "gazetteer_towns",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("region", sa.String(10), nullable=False),
        sa.Column("district", sa.String(20), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("cell", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_gazetteer_towns"),
    )
    op.create_index("ix_gazetteer_towns_cell", "gazetteer_towns", ["cell"])

    op.create_table(
        "gazetteer_version",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_gazetteer_version"),
    )


def make_listings() -> None:
    op.create_table(
        "listing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("live_id", sa.Integer(), nullable=True),
        sa.Column("pending_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("import_key", sa.String(300), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("accepting_stated_on", sa.Date(), nullable=True),
        sa.Column("created_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["live_id"], ["revision.id"], name="fk_listing_live_id_revision", use_alter=True
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name="fk_listing_owner_id_account"),
        sa.ForeignKeyConstraint(
            ["pending_id"], ["revision.id"], name="fk_listing_pending_id_revision", use_alter=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_listing"),
        sa.UniqueConstraint("import_key", name="uq_listing_import_key"),
        sa.UniqueConstraint("slug", name="uq_listing_slug"),
    )
    op.create_index("ix_listing_owner_id", "listing", ["owner_id"])
    op.create_index("ix_listing_state", "listing", ["state"])

    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("created_at", moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name="fk_revision_listing_id_listing"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
    )
    op.create_index("ix_revision_listing_id", "revision", ["listing_id"])

    op.create_table(
        "slug",
        sa.Column("slug", sa.String(80), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["listing_id"], ["listing.id"], name="fk_slug_listing_id_listing"),
        sa.PrimaryKeyConstraint("slug", name="pk_slug"),
    )
    op.create_index("ix_slug_listing_id", "slug", ["listing_id"])

    op.create_table(
        "practice_place",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("region", sa.String(80), nullable=False),
        sa.Column("locality", sa.String(120), nullable=False),
        sa.Column("postcode", sa.String(20), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("precision", sa.String(10), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name="fk_practice_place_revision_id_revision"
        ),
        sa.PrimaryKeyConstraint("revision_id", "position", name="pk_practice_place"),
    )
    op.create_index("ix_practice_place_country", "practice_place", ["country"])
    # Listings and revisions point at each other. SQLite took the pointers with the table.
    if op.get_bind().dialect.name != "sqlite":
        for column in ("live_id", "pending_id"):
            name = f"fk_listing_{column}_revision"
            op.create_foreign_key(name, "listing", "revision", [column], ["id"])


def make_journals() -> None:
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.Column("actor", sa.String(254), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name="fk_audit_event_listing_id_listing"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_audit_event"),
    )
    op.create_index("ix_audit_event_listing_id", "audit_event", ["listing_id"])

    op.create_table(
        "index_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listing.id"], name="fk_index_change_listing_id_listing"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_index_change"),
        sqlite_autoincrement=True,
    )
