"""Rights that follow from a provider's mapping alone, where no account says more or less."""

from uuid import UUID, uuid5

from gateway.identities import Identity
from shared.access import vocabulary
from shared.caller import Caller
from shared.errors import Forbidden
from shared.settings import Settings

#: A person is issuer and subject together: two issuers may use one subject for two people.
_PEOPLE = UUID("9f0c5e0e-3a5b-4a5c-8a55-6c1b0d1f7a11")


class RightsOfRoles:
    """Gives the scopes of the roles within the ceiling of the class, and never a decision scope."""

    def __init__(self, settings: Settings) -> None:
        """Take the institution that everybody's rights belong to."""
        self._institution = str(settings.institution_id)

    async def caller(self, identity: Identity) -> Caller:
        """Give the caller, or raise Forbidden: without a role, for another institution, and for every expert.

        An expert's record is bound by an account alone, never by a provider.
        """
        if not identity.roles or identity.audience_class == "expert":
            raise Forbidden
        if identity.audience_class == "npm" and identity.organisation_id != self._institution:
            raise Forbidden
        scopes = vocabulary().scopes_of(identity.roles, audience_class=identity.audience_class)
        acts_for = identity.organisation_id
        return Caller(
            subject=identity.subject,
            person_id=str(uuid5(_PEOPLE, f"{identity.issuer} {identity.subject}")),
            audience_class=identity.audience_class,
            roles=identity.roles,
            scopes=scopes - vocabulary().decisions,
            client_id=identity.client_id,
            institution_id=self._institution,
            department_id=identity.department_id,
            acr=identity.acr,
            auth_time=identity.auth_time,
            issuer=identity.issuer,
            token_id=identity.token_id,
            authority_id=acts_for if identity.audience_class == "authority" else "",
            partner_id=acts_for if identity.audience_class == "partner" else "",
        )
