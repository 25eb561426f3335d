"""What can be set from outside, with its defaults. Reads the environment once, at start; never later."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SERVICES = ("visits", "recommendations", "complaints", "stakeholders")
#: Who has a PostgreSQL database of its own: the business services, and the gateway for its registry.
DATABASES = (*SERVICES, "gateway")


_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")


def _origins(told: str | Iterable[str]) -> frozenset[str]:
    """Read exact origins, as a browser writes them; a wildcard, a path or `null` raises ValueError, and nothing starts."""
    named = told.split(",") if isinstance(told, str) else told
    origins = frozenset(each.strip() for each in named if each.strip())
    for each in origins:
        if not _ORIGIN.fullmatch(each):
            raise ValueError("an origin is https://name[:port] in small letters, without a path and without *")
    return origins


class Limits(BaseSettings):
    """Sizes and rates (`A22_LIMIT_*`); the defaults are those of the security page."""

    model_config = SettingsConfigDict(env_prefix="A22_LIMIT_", frozen=True)

    json_body_bytes: int = 1_000_000
    bulk_body_bytes: int = 200_000_000
    bulk_rows: int = 200_000
    bulk_line_bytes: int = 256_000
    json_depth: int = 20
    json_nodes: int = 10_000
    string_characters: int = 100_000
    header_bytes: int = 16_384
    header_fields: int = 64
    path_bytes: int = 2_048
    head_seconds: float = 5
    """Within which the head of a request must be whole."""
    body_bytes_per_second: int = 1_000
    """How fast a body must come."""
    unread_seconds: float = 30
    """How long an answer may wait for a client that takes nothing of it."""
    person_requests_per_second: int = 60
    expert_requests_per_second: int = 20
    machine_requests_per_second: int = 300
    public_requests_per_second: int = 20
    failed_authentications_per_minute: int = 20
    reveals_per_hour: int = 10
    ended_tokens_per_hour: int = 60
    """How many of its own tokens a machine may end: every one stands on a list that all components hold."""
    bulk_at_once: int = 2
    """How many bulk bodies one machine may send at the same time."""
    exports_at_once: int = 2
    """How many exports one caller may read at the same time."""
    export_seconds: int = 600
    """How long one export may take, from the first row to the last byte."""
    export_statement_seconds: int = 60
    """How long the database may take for the first rows of an export, and for each few hundred after them."""


class Settings(BaseSettings):
    """Settings of the gateway and of each service (`A22_*`)."""

    model_config = SettingsConfigDict(env_prefix="A22_", frozen=True)

    environment: Literal["development", "test", "production"] = "development"
    base_url: str = "http://127.0.0.1:8000"
    audience: str = "article22"
    institution_id: UUID = UUID("0a8d0d5d-23b8-42ec-af59-2333f37157fd")
    institution_name: str = "National Preventive Mechanism"
    time_zone: str = "UTC"
    country: str = "XX"
    secrets: Path = Path(".a22/secrets")
    """Folder of keys, outside the databases and their dumps."""
    public_keys: Path = Path(".a22/public-keys")
    """Folder of the public keys of gateway and services, written at set-up and only read afterwards."""
    journal_heads: Path | None = None
    """Folder, outside the databases, of the signed heads of the journals; `journal-heads` beside the secrets when not set."""
    service_database_url: str = ""
    """URL of the database of the service (or of the gateway) that runs alone, as its `<service>_app` role."""
    database_urls: dict[str, str] = Field(default_factory=dict)
    """URLs of all databases, the gateway's too, when everything runs in one process."""
    issuers: Path = Path(__file__).resolve().parents[1] / "deploy" / "issuers.yaml"
    """File of the identity providers whose people come in; without one there are none."""
    mappings: Path = Path(__file__).resolve().parents[1] / "deploy" / "mappings"
    """Folder of the mapping files that an import may name."""
    gateway_url: str = ""
    """Where a service that runs alone reaches the gateway; the base URL when empty."""
    service_urls: dict[str, str] = Field(default_factory=dict)
    """Where the gateway reaches services that run alone."""
    pool_size: int = Field(default=12, ge=1, le=100)
    operation_days: int = Field(default=30, ge=1, le=366)
    """For how many days an operation can be asked for after it has ended."""
    cors_origins: Annotated[frozenset[str], NoDecode, BeforeValidator(_origins)] = frozenset()
    """Origins of front ends that browsers may call from (`https://name[:port]`, with commas between them); none by default."""
    log_requests: bool = False
    """Whether each request leaves a line in the log: operation, status and duration, never a path, a person or an id of a thing."""
    otlp_endpoint: str = ""
    """Where spans are sent (`http://collector:4318/v1/traces`, OTLP over HTTP); none are made when empty."""
    periodic_work: bool = True
    """Whether the work of every night is done by itself."""
    limits: Limits = Field(default_factory=Limits)

    @property
    def is_production(self) -> bool:
        """Tell whether development conveniences are absent."""
        return self.environment == "production"

    @property
    def heads_folder(self) -> Path:
        """Give the folder of the signed heads."""
        return self.journal_heads or self.secrets.absolute().parent / "journal-heads"

    @property
    def development_issuer(self) -> str:
        """Give the issuer of the development tokens."""
        return f"{self.base_url}/development"

    @property
    def internal_issuer(self) -> str:
        """Give the issuer of the gateway's tokens for one service and one operation."""
        return f"{self.base_url}/internal"
