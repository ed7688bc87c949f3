"""WebSub: subscriptions to hubs, and which entries were pushed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "feed_subscriptions",
        sa.Column("id", serial, autoincrement=True, nullable=False),
        sa.Column("feed_id", serial, nullable=False),
        sa.Column("hub", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_at", sa.String(27), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_until", sa.String(27), nullable=True),
        sa.Column("pushes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("forged", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_push_at", sa.String(27), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.String(27), nullable=False),
        sa.CheckConstraint(
            "state IN ('asked', 'active', 'denied', 'ending', 'ended')",
            name=op.f("ck_feed_subscriptions_state"),
        ),
        sa.ForeignKeyConstraint(
            ["feed_id"],
            ["feeds.id"],
            name=op.f("fk_feed_subscriptions_feed_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_subscriptions")),
        sa.UniqueConstraint("token", name=op.f("uq_feed_subscriptions_token")),
    )
    op.create_index("ix_feed_subscriptions_feed_id", "feed_subscriptions", ["feed_id"])
    op.create_index("ix_feed_subscriptions_due_at", "feed_subscriptions", ["due_at"])
    op.add_column(
        "entries",
        sa.Column("pushed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("entries", "pushed")
    op.drop_table("feed_subscriptions")
