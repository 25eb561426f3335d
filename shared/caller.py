"""The caller: the verified person or machine that every right is judged by. Verifies nothing; `identity` does."""

from dataclasses import dataclass

STEP_UP_SECONDS = 600

AUDIENCE_CLASSES = ("npm", "expert", "authority", "partner", "public", "service")


#: What conflicts keep a caller from, by the names of the lists that are handed on.
EXCLUSIONS = ("excluded_places", "excluded_authorities", "excluded_visits", "excluded_persons")


@dataclass(frozen=True, kw_only=True)
class Caller:
    """The verified person or machine behind a request; every right is judged by this and by nothing else."""

    subject: str
    audience_class: str
    roles: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()
    client_id: str = ""
    person_id: str = ""
    institution_id: str = ""
    authority_id: str = ""
    department_id: str = ""
    expert_id: str = ""
    partner_id: str = ""
    mou_id: str = ""
    acr: str = "basic"
    auth_time: int = 0
    issuer: str = ""
    token_id: str = ""
    issued_at: int = 0
    """When the token was issued that the caller came with (seconds since the epoch, by its issuer's clock)."""
    excluded_places: tuple[str, ...] = ()
    excluded_authorities: tuple[str, ...] = ()
    excluded_visits: tuple[str, ...] = ()
    """Visits and cases: the matters of a conflict."""
    excluded_persons: tuple[str, ...] = ()

    @property
    def organisation_id(self) -> str:
        """Give the authority or partner that the caller acts for, or an empty text."""
        return self.authority_id or self.partner_id

    @property
    def person(self) -> str:
        """Give the human behind the account, whom every rule of two persons compares; a machine is its own."""
        return self.person_id or self.subject

    @property
    def is_machine(self) -> bool:
        """Tell whether no person stands behind the caller: a machine client is its own subject."""
        is_own_subject = self.client_id != "" and self.client_id == self.subject
        return (
            is_own_subject or bool(self.roles & {"partner_system", "cso_partner"}) or self.audience_class == "service"
        )

    @property
    def is_recused(self) -> bool:
        """Tell whether something is kept from the caller: by a conflict, or as a secondee by the origin."""
        kept = self.excluded_places or self.excluded_authorities or self.excluded_visits or self.excluded_persons
        return bool(kept) or "secondee" in self.roles

    def is_stepped_up(self, now: float) -> bool:
        """Tell whether the login was strong and at most ten minutes ago (seconds since the epoch)."""
        return self.acr == "strong" and 0 <= now - self.auth_time <= STEP_UP_SECONDS


PUBLIC = Caller(subject="", audience_class="public", roles=frozenset({"public"}))
