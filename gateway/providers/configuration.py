"""The form of `issuers.yaml`: which providers are trusted, for whom, and how their claims are read.

Strict: an unknown key, a second entry of an issuer, a role of a class outside `may_issue` and the like do not start the system.
"""

from typing import Annotated, Any, Generic, Literal, Self, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, model_validator

from gateway.providers import paths
from shared.access import vocabulary

#: A class that acts for somebody needs to know for whom; an expert acts for nobody but the NPM.
CLASSES_OF_ORGANISATIONS = frozenset({"npm", "authority", "partner"})
#: Machine clients come through their own registration, never through a provider for people.
ROLES_OF_MACHINES = frozenset({"partner_system"})
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def class_of(role: str) -> str | None:
    """Give the audience class of a role that people hold, or None."""
    return next((name for name, roles in vocabulary().classes.items() if role in roles - {"public"}), None)


def checked_address(text: str, *, is_production: bool) -> str:
    """Give an address back that a provider may have; ValueError for any other."""
    parts = urlsplit(text)
    is_local = parts.scheme == "http" and parts.hostname in _LOOPBACK and not is_production
    if not (parts.scheme == "https" or is_local) or not parts.hostname or parts.username is not None:
        raise ValueError("an https address (outside production also http of this machine)")
    if parts.fragment or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("an address without a fragment")
    return text


def _address(text: str, info: ValidationInfo) -> str:
    return checked_address(text, is_production=bool((info.context or {}).get("is_production")))


def _path(text: str) -> str:
    paths.names(text)
    return text


def _uuid(text: str) -> str:
    return str(UUID(text))


Word = Annotated[str, StringConstraints(min_length=1, max_length=255)]
#: What names a front end goes into transactions as a setting, whose alphabet is closed.
ClientName = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[A-Za-z0-9._:@|/-]+$")]
Address = Annotated[str, StringConstraints(max_length=500), AfterValidator(_address)]
Path = Annotated[str, StringConstraints(max_length=500), AfterValidator(_path)]
Id = Annotated[str, AfterValidator(_uuid)]
V = TypeVar("V")
AudienceClass = Literal["npm", "expert", "authority", "partner"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Clients(_Part):
    """Which front ends a token may be made for."""

    claim: Path
    allowed: Annotated[list[ClientName], Field(min_length=1)]


class Marks(_Part):
    """What tells an access token of this issuer from its ID token."""

    equal: dict[Path, Word] = {}
    present: list[Path] = []
    absent: list[Path] = []


class StepUp(_Part):
    """Where the token says when the login was, and which of its words mean a second factor."""

    auth_time: Path
    acr: Path
    strong: Annotated[list[Word], Field(min_length=1)]


class Mapped(_Part, Generic[V]):
    """Where a value comes from: the same for everybody (`const`), or a claim whose words stand for values of ours."""

    const: V | None = None
    claim: Path | None = None
    values: dict[Word, V] | None = None
    optional: bool = False

    @model_validator(mode="after")
    def _is_one_way(self) -> Self:
        if (self.const is None) == (self.claim is None) or (self.claim is None) != (self.values is None):
            raise ValueError("either const, or claim and values")
        if self.optional and self.claim is None:
            raise ValueError("optional stands beside a claim alone")
        if self.values is not None and not self.values:
            raise ValueError("values names at least one word")
        return self

    def possible(self) -> frozenset[V]:
        """Give every value that may come out."""
        return frozenset((self.values or {}).values()) if self.const is None else frozenset({self.const})


class ClaimMap(_Part):
    """How the claims of a token become class, organisation, department and roles."""

    audience_class: Mapped[AudienceClass]
    organisation: Mapped[Id] | None = None
    department: Mapped[Id] | None = None
    roles: Mapped[Word]


class Issuer(_Part):
    """One provider: an entry of `issuers.yaml`."""

    issuer: Address
    may_issue: Annotated[list[AudienceClass], Field(min_length=1)]
    algorithms: Annotated[list[Literal["ES256", "RS256"]], Field(min_length=1)]
    typ: Literal["at+jwt", "application/at+jwt", "JWT"]
    audience: Word
    max_lifetime_s: Annotated[int, Field(ge=1, le=3600)] = 300
    clients: Clients
    subject: Path
    token_id: Path
    marks: Marks = Marks()
    step_up: StepUp | None = None
    map: ClaimMap
    jwks_uri: Address | None = None

    @model_validator(mode="after")
    def _is_an_issuer(self) -> Self:
        # OpenID Connect Core §2: an issuer has neither query nor fragment
        if "?" in self.issuer:
            raise ValueError("issuer: an address without a query")
        return self

    @model_validator(mode="after")
    def _tells_tokens_apart(self) -> Self:
        if self.typ == "JWT" and not (self.marks.equal or self.marks.present or self.marks.absent):
            raise ValueError("marks: a typ of JWT needs marks that tell an access token from an ID token")
        return self

    @model_validator(mode="after")
    def _keeps_to_its_classes(self) -> Self:
        classes: frozenset[str] = self.map.audience_class.possible()
        _refuse("map.audience_class", classes - set(self.may_issue), "may_issue does not name the class")
        roles = self.map.roles.possible()
        _refuse("map.roles", roles - vocabulary().roles.keys(), "there is no role")
        _refuse("map.roles", roles & ROLES_OF_MACHINES, "a machine's role, which comes by `./a22 clients`:")
        foreign = {role for role in roles if class_of(role) not in classes}
        _refuse("map.roles", foreign, "no class that this issuer gives has the role")
        return self

    @model_validator(mode="after")
    def _binds_its_classes(self) -> Self:
        classes: frozenset[str] = self.map.audience_class.possible()
        if self.map.organisation is None and classes & CLASSES_OF_ORGANISATIONS:
            raise ValueError("map.organisation: is missing; whom do its people act for?")
        if self.map.department is not None and "authority" not in classes:
            raise ValueError("map.department: only an authority has departments")
        return self


def _refuse(field: str, names: set[str] | frozenset[str], why: str) -> None:
    if names:
        raise ValueError(f"{field}: {why} {', '.join(sorted(names))}")


def read_entry(written: Any, *, is_production: bool) -> Issuer:
    """Read one entry; pydantic's ValidationError for anything that is not of the form."""
    return Issuer.model_validate(written, context={"is_production": is_production})
