"""What an identity provider vouches for, once its token is verified and its claims are mapped: no right yet, only who."""

from dataclasses import dataclass

from gateway.without_access import Reason


@dataclass(frozen=True, kw_only=True)
class Identity:
    """A verified login at a configured provider; rights come from the account and the decision matrix on top of it."""

    issuer: str
    subject: str
    client_id: str
    token_id: str
    audience_class: str
    roles: frozenset[str]
    """Roles of one class that the provider's mapping gives; empty where nothing was mapped."""
    mapping_fault: Reason | None = None
    """Why the mapping gives no role, where it gives none."""
    organisation_id: str = ""
    """The institution, authority or partner that the mapping binds."""
    department_id: str = ""
    acr: str = "basic"
    auth_time: int = 0
    """When the login happened (seconds since the epoch); 0 when the provider does not say: no step-up then."""
    issued_at: int = 0
    expires_at: int = 0
