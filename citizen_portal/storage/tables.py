"""The tables. Whatever names a person is sealed before it gets here; status, dates and codes are in the clear."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
    text,
)


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in and out, UTC in the database. SQLite has no time zones, so it gets them bare."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses a naive datetime: a moment without a zone is a mistake, never a default."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime was about to be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Aware, in UTC."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_HASH = 32
_HAS_NEXT = text("next_at IS NOT NULL")
_auto_id = BigInteger().with_variant(Integer(), "sqlite")

draft = Table(
    "draft",
    metadata,
    Column("row_id", LargeBinary(_HASH), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)

# A ticket for a draft: whoever shows it may go on with that draft on another device. `sealed` is the draft's capability
# under a key that only the ticket gives; for ten minutes the ticket itself is also kept under a code to type.
handover = Table(
    "handover",
    metadata,
    Column("ticket_row_id", LargeBinary(_HASH), primary_key=True),
    Column("draft_row_id", LargeBinary(_HASH), nullable=False, unique=True),
    # Counts the tickets of one draft: each follows from the draft's capability and this.
    Column("number", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("code_locator", LargeBinary(_HASH), index=True),
    Column("code_sealed", LargeBinary),
    Column("code_expires_at", UtcDateTime),
    Column("code_tries", Integer, nullable=False, server_default="0"),
)

registration = Table(
    "registration",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("reference", String(11), nullable=False, unique=True),
    # The press is idempotent on the draft it came from: one draft, one registration.
    Column("draft_row_id", LargeBinary(_HASH), nullable=False, unique=True),
    Column("municipality_code", String(6), nullable=False, index=True),
    Column("first_municipality_code", String(6), nullable=False),
    Column("registered_at", UtcDateTime, nullable=False),
    Column("conversation_due", Date, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("received_at", UtcDateTime),
    Column("intake_number", String(40)),
    # Keyed hashes (HMAC): what was typed cannot be read from them, only compared with.
    Column("address_hash", LargeBinary(_HASH)),
    Column("birth_hash", LargeBinary(_HASH)),
    Column("person_hash", LargeBinary(_HASH), index=True),
    Column("proof_hash", LargeBinary(_HASH)),
    # What the resident said afterwards.
    Column("told_urgent_at", UtcDateTime),
    Column("withdrawn_at", UtcDateTime),
    Column("called_at", UtcDateTime),
    # What the resident allows the helper who filled in the form; none when there was no helper.
    Column("helper_may_be_contacted", Boolean),
    Column("helper_may_follow", Boolean),
    # Worked out from the events whenever one is kept.
    Column("ends_at", UtcDateTime),
    Column("forget_at", UtcDateTime, index=True),
    Index(None, "proof_hash", unique=True),
)

# The answers as they were sent, for 72 hours: sealed with a key that only the first owner's link gives.
owner_copy = Table(
    "owner_copy",
    metadata,
    Column("registration_id", ForeignKey("registration.id", ondelete="CASCADE"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)

# Where messages go, if the resident chose to get them (Wmebv): sealed with a key per row.
message_choice = Table(
    "message_choice",
    metadata,
    Column("registration_id", ForeignKey("registration.id", ondelete="CASCADE"), primary_key=True),
    Column("way", String(5), nullable=False),
    Column("language", String(20), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("chosen_at", UtcDateTime, nullable=False),
    # A mail server or Notify said that a message could not be delivered.
    Column("failed_at", UtcDateTime),
)

link = Table(
    "link",
    metadata,
    Column("token_hash", LargeBinary(_HASH), primary_key=True),
    Column("registration_id", ForeignKey("registration.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("scope", String(8), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
    # How it came about, where that matters afterwards (storage/links.py).
    Column("origin", String(8)),
    # The bits of the link that this one was made from, under a key that only this one gives: they open the copy.
    Column("carried", LargeBinary),
)

# queued -> claimed (lease) -> delivered | waiting(next_at) | parked(reason)
outbox = Table(
    "outbox",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("registration_id", ForeignKey("registration.id", ondelete="CASCADE"), nullable=False),
    # Messages of one registration go out in this order; each waits until the one before it was received.
    Column("position", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("municipality_code", String(6), nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("body", LargeBinary),
    Column("wrapped_key", LargeBinary),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False),
    # From when on a worker may take it; of a claimed one that is the end of its lease. None: delivered or parked.
    Column("next_at", UtcDateTime),
    Column("claim", Uuid),
    Column("reason", String(200)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("delivered_at", UtcDateTime),
    UniqueConstraint("registration_id", "position"),
    # What was delivered or parked is not in it, so a claim never walks past that. There is no index on next_at alone:
    # PostgreSQL would take it for a claim, and walk past all that is due in municipalities that wait.
    Index(None, "municipality_code", "urgent", "next_at", sqlite_where=_HAS_NEXT, postgresql_where=_HAS_NEXT),
    Index(None, "state", "municipality_code"),
)

# A municipality whose connection is at fault waits as a whole; one probe goes out for each step of the schedule.
intake_wait = Table(
    "intake_wait",
    metadata,
    Column("municipality_code", String(6), primary_key=True),
    Column("failures", Integer, nullable=False),
    # When the next probe may go out; while one is under way, the end of its lease.
    Column("next_at", UtcDateTime, nullable=False),
    Column("probe_claim", Uuid),
    Column("reason", String(200), nullable=False),
    Column("since", UtcDateTime, nullable=False),
)

event = Table(
    "event",
    metadata,
    Column("arrival", _auto_id, primary_key=True, autoincrement=True),
    Column("registration_id", ForeignKey("registration.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("municipality_code", String(6), nullable=False),
    Column("source", String(200), nullable=False),
    Column("event_id", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    UniqueConstraint("municipality_code", "source", "event_id"),
)

# Events about a subject that is not known, or not this municipality's: kept 24 hours, at most 1,000 a municipality.
parked_event = Table(
    "parked_event",
    metadata,
    Column("arrival", _auto_id, primary_key=True, autoincrement=True),
    Column("subject", Uuid, nullable=False, index=True),
    Column("municipality_code", String(6), nullable=False),
    Column("source", String(200), nullable=False),
    Column("event_id", String(200), nullable=False),
    Column("body", Text, nullable=False),
    Column("received_at", UtcDateTime, nullable=False, index=True),
    UniqueConstraint("municipality_code", "source", "event_id"),
)

rate_window = Table(
    "rate_window",
    metadata,
    Column("key", String(200), primary_key=True),
    Column("hits", Integer, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
)

# Which municipalities a postcode may lie in: candidates, never a decision. A postcode is `1234` or `1234AB`.
postcode_area = Table(
    "postcode_area",
    metadata,
    Column("generation", ForeignKey("postcode_import.generation", ondelete="CASCADE"), primary_key=True),
    Column("postcode", String(6), primary_key=True),
    Column("municipality_code", String(6), primary_key=True),
)

# Each import is a generation; the newest that was finished counts, so an import is there as a whole or not at all.
postcode_import = Table(
    "postcode_import",
    metadata,
    Column("generation", Integer, primary_key=True),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
)
