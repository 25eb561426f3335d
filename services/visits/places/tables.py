"""The register of places of deprivation of liberty, and the projection of the authorities that run them."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Computed, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from services.visits.database import METADATA, Base
from shared.protection import (
    EVERYTHING,
    EXCLUDED_AUTHORITIES,
    EXCLUDED_PLACES,
    ORGANISATION,
    READ_AND_WRITE,
    Grant,
    Policy,
    Protection,
    apart_from,
    institution,
    is_excluded_authority,
    is_unseen,
)


def _words() -> Any:
    return Field(default_factory=list, sa_column=Column(ARRAY(Text), nullable=False))


class Place(Base, table=True):
    """A place where people are or can be held (OPCAT Art. 4). A table: it has its own state, rights and list."""

    __tablename__ = "place"
    __table_args__ = (
        Index("ix_place_sort_name_id", "sort_name", "id"),
        Index("ix_place_updated_at_id", "updated_at", "id"),
        Index("ix_place_operator_id", "operator_id"),
        Index("uq_place_source", "source", "source_row", unique=True, postgresql_where="source IS NOT NULL"),
    )

    code: str = Field(unique=True)
    name: str
    sort_name: str
    status: str
    place_type: str
    region: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    is_location_withheld: bool = False
    operator_id: UUID | None = None
    is_private_operator: bool = False
    supervising: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    aliases: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    #: {text, from_on, to_on}: what it was called and who ran it, as written at the visits of a history.
    names: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    operators: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    capacity: int | None = None
    population: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False))
    vulnerable_groups: list[str] = _words()
    risk_flags: list[str] = _words()
    complaint_channel_quality: str = "unknown"
    mandate_basis: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    closed_on: date | None = None
    reopened_on: date | None = None
    status_reason: str = ""
    merged_into_id: UUID | None = Field(default=None, foreign_key="place.id")
    source: str | None = None
    source_row: str | None = None
    source_note: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))


# What outsiders read of the location: nothing where it is withheld. PostgreSQL keeps these; no record of ours has them.
for _name in ("address", "latitude", "longitude"):
    _kept = METADATA.tables["place"].columns[_name]
    METADATA.tables["place"].append_column(
        Column(f"public_{_name}", _kept.type, Computed(f"CASE WHEN NOT is_location_withheld THEN {_name} END"))
    )


class PlaceSignal(Base, table=True):
    """What the complaints service last said of a place. A table: its own rights. Never a person, never a complaint."""

    __tablename__ = "place_signal"

    place_id: UUID = Field(unique=True)
    as_of: date
    signal: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSONB, nullable=False))


class KnownAuthority(Base, table=True):
    """A projection of stakeholders: the name behind an authority's id."""

    __tablename__ = "known_authority"

    name: str
    category: str = ""


_PUBLIC_COLUMNS = (
    "id", "code", "name", "sort_name", "status", "place_type", "region", "public_address", "public_latitude",
    "public_longitude", "operator_id", "is_private_operator",
)  # fmt: skip

#: Run or supervised by an authority that the caller is kept from.
IS_EXCLUDED = (
    f"place.id::text = ANY({EXCLUDED_PLACES}) OR {is_excluded_authority('place.operator_id')} "
    "OR jsonb_path_exists(place.supervising, '$[*] ? (@.authority_id == $excluded[*])', "
    f"jsonb_build_object('excluded', to_jsonb({EXCLUDED_AUTHORITIES})))"
)

PROTECTIONS = (
    Protection(
        table="place",
        policies={
            "npm": (institution(), apart_from(IS_EXCLUDED)),
            "public": Policy(condition="published", using="status IN ('in_use', 'closed')", command="SELECT"),
            "expert": Policy(condition="published", using="status IN ('in_use', 'closed')", command="SELECT"),
            "partner": Policy(condition="published", using="status IN ('in_use', 'closed')", command="SELECT"),
            "authority": Policy(condition="place_run", using=f"operator_id = {ORGANISATION}", command="SELECT"),
            "service": Policy(condition="institution", using="true", command="SELECT"),
        },
        grants={
            "npm": READ_AND_WRITE,
            "worker": EVERYTHING,
            **{role: Grant(select=_PUBLIC_COLUMNS) for role in ("public", "expert", "partner", "authority")},
            "service": Grant(select="*"),
        },
    ),
    Protection(
        table="place_signal",
        policies={"npm": (institution(), apart_from(is_unseen("place_id", "place")))},
        grants={"npm": Grant(select="*"), "worker": EVERYTHING},
    ),
    Protection(
        table="known_authority",
        policies={
            "npm": (institution(), apart_from(is_excluded_authority("id"))),
            **{
                role: Policy(condition="published", using="true", command="SELECT")
                for role in ("public", "expert", "authority", "partner")
            },
        },
        grants={
            "npm": Grant(select="*"),
            "worker": EVERYTHING,
            **{role: Grant(select=("id", "name")) for role in ("public", "expert", "authority", "partner")},
        },
    ),
)
