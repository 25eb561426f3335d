"""The development issuer and its personas: real tokens for made-up people, absent in production."""

from dataclasses import dataclass
from typing import Any

from shared.access import vocabulary
from shared.errors import NotFound
from shared.identity import TOKEN_TYPE, SigningKey, stamped
from shared.settings import Settings

AUTHORITY_A = "f9d212a8-7680-4faf-8923-9f324d2f29b3"
AUTHORITY_B = "40d80bea-6054-4184-8c2d-53cbed320d47"
PARTNER_ONE, MOU_ONE = "ba2deaa0-6eff-4e02-b04b-5c1defb731a2", "f876b37c-ba9b-49a9-9c63-a12f6d9e44b0"
PARTNER_TWO, MOU_TWO = "01a1f0d0-e60f-4489-8b1f-3c1ec0d751d4", "0b3e5ccf-78c8-4c29-a8d5-fb2f164c8aed"
COMPLAINTS_DEPARTMENT = "affc67c5-7d85-4c5d-9925-bfe541f16cfb"
CIVIL_SOCIETY = "ec0eb035-5ee6-49c5-bbf5-c7819187c81f"


@dataclass(frozen=True)
class Persona:
    """One made-up caller: name, subject, class, roles, what binds the class, and whether every decision is theirs."""

    name: str
    subject: str
    audience_class: str
    roles: tuple[str, ...]
    about: str
    bound: tuple[tuple[str, str], ...] = ()
    decides: bool = False
    is_machine: bool = False


def _npm(name: str, subject: str, role: str, about: str, *, decides: bool = False) -> Persona:
    return Persona(name, subject, "npm", (role,), about, decides=decides)


def _authority(name: str, subject: str, roles: tuple[str, ...], authority: str, about: str) -> Persona:
    return Persona(name, subject, "authority", roles, about, (("authority_id", authority),))


def _partner(
    name: str, subject: str, role: str, about: str, *bound: tuple[str, str], is_machine: bool = True
) -> Persona:
    return Persona(name, subject, "partner", (role,), about, bound, is_machine=is_machine)


PERSONAS = {
    persona.name: persona
    for persona in (
        _npm("head", "bbb77181-7301-4890-8fce-d2aa94075a60", "head", "leads the NPM"),
        _npm("deputy-head", "b0b0592c-6fc7-483a-990b-279ab3039437", "member", "member named for every decision", decides=True),
        _npm("member", "11c04990-bb64-43ef-baa6-6369149d637f", "member", "member named for nothing"),
        _npm("staff", "e7a9502e-445d-45a0-ad56-07ad11b97980", "staff", "employee"),
        _npm("secondee", "8366779c-1411-4a22-ab10-a363276c4eff", "secondee", "seconded from authority A"),
        _npm("complaints-officer", "30c32615-6dc0-493a-a638-42de9213ebd9", "complaints_officer", "handles complaints"),
        _npm("complaints-officer-two", "815fd7d8-9c09-4239-ad8d-35c350c6c690", "complaints_officer", "handles other complaints"),
        _npm("vault-keeper", "586700a2-06b9-44d4-a769-4fdcf7628012", "vault_keeper", "keeps identities"),
        _npm("data-protection-officer", "4b785361-1b84-4f45-a0d6-139086aea0a6", "data_protection_officer", "watches over processing"),
        _npm("sysadmin", "4edc7ea2-99a9-4376-a26d-54baee997603", "sysadmin", "runs the system, sees no content"),
        Persona("expert", "5a6dc1ed-18ce-40be-81f3-fc5c4f189315", "expert", ("expert",), "accredited expert",
                (("expert_id", "7bf4b43d-3c15-4834-899c-51a69f732f60"),)),
        Persona("expert-two", "ed1996e5-8136-4591-816c-06315c05e004", "expert", ("expert",), "expert of other visits",
                (("expert_id", "4f783539-a70f-495d-899d-7d6ea739f8a9"),)),
        _authority("authority-official", "d5b9391a-54d8-445b-896a-bd7d9675b1ec", ("authority_official",), AUTHORITY_A, "drafts for authority A"),
        _authority("focal-point", "23a332d0-3666-4b6b-a983-a7fb77a072c9", ("authority_focal_point",), AUTHORITY_A, "focal point of authority A"),
        _authority("authority-validator", "2adf8c5d-1c55-481e-8178-12c98a6768c5", ("authority_validator",), AUTHORITY_A, "submits for authority A"),
        _authority("authority-official-two", "96986383-f300-4e1a-bdce-00144234ce3e", ("authority_official", "authority_validator"), AUTHORITY_B,
                   "drafts and submits for authority B"),
        _partner("nhri-complaints", "bb346b6f-d734-4c13-9514-1f3fe68f07c8", "nhri_complaints", "complaints department",
                 ("partner_id", COMPLAINTS_DEPARTMENT), is_machine=False),
        _partner("partner", "0db03a8b-3d86-4d22-acbd-fb8ace35c451", "partner_system", "ombudsperson's system",
                 ("partner_id", PARTNER_ONE), ("mou_id", MOU_ONE)),
        _partner("partner-two", "92e1c547-9f6a-461e-b376-d111e609d6ef", "partner_system", "children's commissioner's system",
                 ("partner_id", PARTNER_TWO), ("mou_id", MOU_TWO)),
        _partner("cso", "57ed4198-8dc0-4143-9f9c-00dff275b248", "cso_partner", "civil-society partner", ("partner_id", CIVIL_SOCIETY)),
    )
}  # fmt: skip


class DevelopmentIssuer:
    """Gives tokens to personas; refuses to exist in production."""

    def __init__(self, settings: Settings, key: SigningKey) -> None:
        """Sign with a key made for this installation."""
        if settings.is_production:
            raise ValueError("the development issuer does not run in production")
        self.settings = settings
        self.key = key

    def claims(self, persona: Persona, *, step_up: bool) -> dict[str, Any]:
        """Give the claims of a persona's token; times in seconds since the epoch, on the host's clock."""
        named_for = vocabulary().decisions if persona.decides else frozenset()
        scopes = vocabulary().scopes_of(persona.roles, audience_class=persona.audience_class, decides=named_for)
        made = stamped({}, issuer=self.settings.development_issuer, audience=self.settings.audience, seconds=300)
        return {
            **made,
            "sub": persona.subject,
            "client_id": persona.subject if persona.is_machine else "development",
            "audience_class": persona.audience_class,
            "roles": list(persona.roles),
            "institution_id": str(self.settings.institution_id),
            "scope": " ".join(sorted(scopes)),
            "acr": "strong" if step_up else "basic",
            "auth_time": made["iat"] if step_up else made["iat"] - 3600,
            **dict(persona.bound),
        }

    def token(self, name: str, *, step_up: bool = False) -> str:
        """Sign a token for a persona, or raise NotFound."""
        persona = PERSONAS.get(name)
        if persona is None:
            raise NotFound
        return self.key.sign(self.claims(persona, step_up=step_up), typ=TOKEN_TYPE)
