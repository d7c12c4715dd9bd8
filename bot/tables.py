"""The tables of the store. What they hold is made by the migrations; a test compares the two.

Times are whole seconds since 1970 in UTC. A column of `bytes` holds MessagePack, one of text JSON
where its name says so.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# A conversation: what it has established, how often it was written, when it was last heard of.
SESSIONS = Table(
    "sessions",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("state", LargeBinary, nullable=False),
    Column("version", Integer, nullable=False),
    Column("seen", Integer, nullable=False),
    Index(None, "seen"),
)

# What people thought of an answer.
FEEDBACK = Table(
    "feedback",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", Integer, nullable=False),
    Column("session", Text, nullable=False),
    Column("rating", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("packs", Text, nullable=False),
    Index(None, "at"),
)

# Those who work at the desk; the password is an argon2 hash.
AGENTS = Table(
    "agents",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("password", Text, nullable=False),
    Column("created", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", Integer, nullable=False),
)

# Who is logged in at the desk; the token itself is only in the cookie, here is its hash.
LOGINS = Table(
    "logins",
    METADATA,
    Column("token", Text, primary_key=True),
    Column("agent", Text, ForeignKey("agents.name", ondelete="CASCADE"), nullable=False),
    Column("csrf", Text, nullable=False),
    Column("created", Integer, nullable=False),
    Column("seen", Integer, nullable=False),
    Index(None, "seen"),
)

# Answers that an agent holds to be wrong or out of date, with what was understood of the question.
FLAGS = Table(
    "flags",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", Integer, nullable=False),
    Column("agent", Text, nullable=False),
    Column("remark", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("understood_json", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("packs", Text, nullable=False),
    Column("closed", Integer),
    Column("closed_by", Text),
    Column("closed_because", Text),
    Index(None, "closed", "at"),
)

# What an agent chose to keep of a call.
NOTES = Table(
    "notes",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", Integer, nullable=False),
    Column("agent", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("context_json", Text, nullable=False),
    Index(None, "agent", "at"),
)

# What a message of a platform was answered with, under a keyed hash of its id.
RECEIPTS = Table(
    "receipts",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("at", Integer, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Index(None, "at"),
)

# What is still to be sent, sealed; `lane` is a keyed hash of the chat.
OUTBOX = Table(
    "outbox",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", Integer, nullable=False),
    Column("due", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("channel", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index(None, "channel", "lane", "id"),
    # SQLite gives the number of a row that is gone to the next one, which is not what was sent.
    sqlite_autoincrement=True,
)

# The rest of an answer that was too long for one message.
LEFTOVERS = Table(
    "leftovers",
    METADATA,
    Column("session", Text, primary_key=True),
    Column("at", Integer, nullable=False),
    Column("parts", LargeBinary, nullable=False),
    Index(None, "at"),
)

# What was asked, with every name and number of a person marked out, and what was answered: a line
# a turn. `session` is a hash that changes with the keys; `state` is what the turn began with.
JOURNAL = Table(
    "journal",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("at", Integer, nullable=False),
    Column("channel", Text, nullable=False),
    Column("session", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("packs", Text, nullable=False),
    Column("asked", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("topic", Text, nullable=False),
    Column("understood_json", Text, nullable=False),
    Column("answered", Text, nullable=False),
    Column("cited_json", Text, nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("micros", Integer, nullable=False),
    Index(None, "at"),
    Index(None, "session"),
)

# Conversations that people go on with: `address` says, sealed, where the person is reached.
HANDOVERS = Table(
    "handovers",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", Integer, nullable=False),
    Column("session", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("address", LargeBinary, nullable=False),
    Column("status", Text, nullable=False),
    Column("agent", Text),
    Column("touched", Integer, nullable=False),
    Column("closed_by", Text),
    Index(None, "status", "at"),
    Index(None, "session", "status"),
    # A conversation is with people once at a time, however many ask for it at once.
    Index(
        "uq_handovers_open",
        "session",
        unique=True,
        sqlite_where=text("status <> 'closed'"),
        postgresql_where=text("status <> 'closed'"),
    ),
    sqlite_autoincrement=True,
)

# What was said in them, sealed, in its order; `author` is person, agent, bot or notice. `key` is
# given by who writes a line, so that the line is there once however often it is sent.
HANDOVER_LINES = Table(
    "handover_lines",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("handover", Integer, ForeignKey("handovers.id", ondelete="CASCADE"), nullable=False),
    Column("at", Integer, nullable=False),
    Column("author", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("key", Text),
    Index(None, "handover", "id"),
    Index(None, "key", unique=True),
    sqlite_autoincrement=True,
)

# What every process looks at every few seconds, such as the number of a reload.
SIGNALS = Table(
    "signals",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("at", Integer, nullable=False),
)
