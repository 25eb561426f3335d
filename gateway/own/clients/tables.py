"""The registry of machine clients, their public keys, and which proofs of theirs were used."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import UUID as PgUuid
from sqlmodel import Field

from gateway.database import METADATA, Base
from shared.protection import (
    CLIENT,
    EVERYTHING,
    READ_AND_WRITE,
    SUBJECT,
    Grant,
    Policy,
    Protection,
    reaches,
    takes_decision,
)

#: Nobody lets in what the same person proposed, whatever the code does.
_TWO_PERSONS = "approved_by IS NULL OR approved_by <> proposed_by"
_LET_IN = "status <> 'active' OR approved_by IS NOT NULL"
#: A second person lets a key in, or the machine itself by a key of its own that was let in before.
_KEY_LET_IN = f"{_LET_IN} OR vouched_by IS NOT NULL"


def _words() -> Any:
    return Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))


class Client(Base, table=True):
    """A system that may ask for tokens. A table: what its tokens carry is bound here, and nowhere else."""

    __tablename__ = "client"
    __table_args__ = (
        CheckConstraint(_TWO_PERSONS, name="two_persons"),
        CheckConstraint(_LET_IN, name="let_in"),
        Index("ix_client_name_id", "name", "id"),
    )

    name: str
    audience_class: str
    roles: list[str] = _words()
    institution_id: UUID
    authority_id: UUID | None = None
    department_id: UUID | None = None
    partner_id: UUID | None = None
    mou_id: UUID | None = None
    scopes: list[str] = _words()
    package_key: str | None = None
    rate_class: str
    valid_until: date
    status: str
    proposed_by: str
    approved_by: str | None = None


class ClientKey(Base, table=True):
    """A public key by which a client proves itself. A table: it is let in and taken away by itself; an id is never used again."""

    __tablename__ = "client_key"
    __table_args__ = (
        CheckConstraint(_TWO_PERSONS, name="two_persons"),
        CheckConstraint(_KEY_LET_IN, name="let_in"),
        CheckConstraint("vouched_by <> kid", name="vouched_by_another"),
        UniqueConstraint("client_id", "kid"),
        ForeignKeyConstraint(["client_id", "vouched_by"], ["client_key.client_id", "client_key.kid"]),
    )

    client_id: UUID = Field(foreign_key="client.id")
    kid: str
    x: str
    y: str
    status: str
    proposed_by: str
    approved_by: str | None = None
    vouched_by: str | None = None
    """The id of the client's own key that signed for this one, where the machine added it itself."""


#: A proof is taken once, also by another process and after a restart: whoever inserts the row has used it.
Table(
    "client_assertion",
    METADATA,
    Column("client_id", PgUuid(as_uuid=True), ForeignKey("client.id"), primary_key=True),
    Column("jti_digest", LargeBinary, primary_key=True),
    Column("ends_at", DateTime(timezone=True), nullable=False, index=True),
)

_KEEPS = reaches("gateway:revocations.write")
#: Besides, whom the decision matrix names to let somebody in, while doing it.
_LETS_IN = f"{_KEEPS} OR (SELECT {takes_decision('stakeholders:accounts.approve')})"
_ANSWERABLE = Policy(condition="institution", using=_LETS_IN, check=_LETS_IN)
_INSIDE = Policy(condition="institution", using="true", command="SELECT")
_BOUND = (
    "id", "audience_class", "roles", "institution_id", "authority_id", "department_id", "partner_id", "mou_id", "scopes",
    "valid_until", "status",
)  # fmt: skip

#: A machine is its own subject: the client id of people is their front end's.
_IS_MACHINE = f"{SUBJECT} = {CLIENT}"
_OWN_KEYS = f"{_IS_MACHINE} AND client_id::text = {CLIENT}"
_OWN_KEY_POLICIES = (
    Policy(condition="own_account", using=_OWN_KEYS, command="SELECT"),
    Policy(
        condition="own_account", using="false", command="INSERT",
        check=f"{_OWN_KEYS} AND status = 'active' AND vouched_by IS NOT NULL AND proposed_by = {SUBJECT}",
    ),
    Policy(
        condition="own_account", using=f"{_OWN_KEYS} AND status = 'active'", command="UPDATE",
        check=f"{_OWN_KEYS} AND status = 'removed'",
    ),
)  # fmt: skip
_STAMPS = ("updated_at", "updated_by", "version")
_OWN_KEY_GRANT = Grant(
    select=("id", "client_id", "kid", "x", "y", "status", "created_at", "version"),
    insert=(
        "id", "client_id", "kid", "x", "y", "status", "proposed_by", "vouched_by", "created_at", "created_by", "confidentiality",
        "origin", *_STAMPS,
    ),
    update=("status", *_STAMPS),
)  # fmt: skip
_OWN_CLIENT = f"{_IS_MACHINE} AND id::text = {CLIENT}"
_OWN_PROOFS = Policy(condition="own_account", using=_OWN_KEYS, check=_OWN_KEYS)
_MACHINES = ("authority", "partner")

PROTECTIONS = (
    Protection(
        table="client",
        policies={
            "npm": _ANSWERABLE,
            "service": _INSIDE,
            # changing when it changed is what lets a machine take the row, so that its keys change one after the other
            **dict.fromkeys(_MACHINES, Policy(condition="own_account", using=_OWN_CLIENT, check=_OWN_CLIENT)),
        },
        grants={
            "npm": READ_AND_WRITE,
            "worker": EVERYTHING,
            "service": Grant(select=_BOUND),
            **dict.fromkeys(_MACHINES, Grant(select=("id", "status", "version"), update=_STAMPS)),
        },
    ),
    Protection(
        table="client_key",
        policies={"npm": _ANSWERABLE, "service": _INSIDE, **dict.fromkeys(_MACHINES, _OWN_KEY_POLICIES)},
        grants={
            "npm": READ_AND_WRITE,
            "worker": EVERYTHING,
            "service": Grant(select=("client_id", "kid", "x", "y", "status")),
            **dict.fromkeys(_MACHINES, _OWN_KEY_GRANT),
        },
    ),
    Protection(
        table="client_assertion",
        policies={
            "service": Policy(condition="institution", using="true", check="true"),
            **dict.fromkeys(_MACHINES, _OWN_PROOFS),
        },
        grants={
            "worker": EVERYTHING,
            "service": Grant(select="*", insert="*", delete=True),
            **dict.fromkeys(_MACHINES, Grant(select=("client_id",), insert=("client_id", "jti_digest", "ends_at"))),
        },
    ),
)
