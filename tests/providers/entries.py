"""Entries of a file of providers, made to be changed."""

from typing import Any

from gateway.providers.configuration import Issuer, read_entry

INSTITUTION = "0a8d0d5d-23b8-42ec-af59-2333f37157fd"
AUTHORITY = "f9d212a8-7680-4faf-8923-9f324d2f29b3"
PARTNER = "affc67c5-7d85-4c5d-9925-bfe541f16cfb"
DEPARTMENT = "c6798767-af9f-41ef-8ba5-072e0fcd27e6"

#: Every class by a claim, every role of people by another, and organisations of every kind.
WIDE: dict[str, Any] = {
    "issuer": "https://id.example.org",
    "may_issue": ["npm", "expert", "authority", "partner"],
    "algorithms": ["ES256"],
    "typ": "at+jwt",
    "audience": "article22",
    "clients": {"claim": "azp", "allowed": ["front-end"]},
    "subject": "sub",
    "token_id": "jti",
    "step_up": {"auth_time": "auth_time", "acr": "acr", "strong": ["strong", "mfa"]},
    "map": {
        "audience_class": {
            "claim": "class",
            "values": {name: name for name in ("npm", "expert", "authority", "partner")},
        },
        "organisation": {
            "claim": "organisation",
            "values": {"npm": INSTITUTION, "ministry": AUTHORITY, "ombuds": PARTNER},
            "optional": True,
        },
        "department": {"claim": "department", "values": {"health": DEPARTMENT}, "optional": True},
        "roles": {
            "claim": "roles",
            "values": {
                name: name
                for name in (
                    "head member staff secondee complaints_officer vault_keeper data_protection_officer sysadmin expert "
                    "authority_official authority_focal_point authority_validator nhri_complaints cso_partner"
                ).split()
            },
        },
    },
}


def entry(**changes: Any) -> Issuer:
    """Give an entry; a name with double underscores changes a member further in, None takes one away."""
    return read_entry(written(**changes), is_production=False)


def written(**changes: Any) -> dict[str, Any]:
    """Give an entry as somebody writes it."""
    return _with(WIDE, changes)


def _with(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    made = dict(base)
    for name, value in changes.items():
        first, _, rest = name.partition("__")
        if rest:
            made[first] = _with(made.get(first, {}), {rest: value})
        elif value is None:
            made.pop(first, None)
        else:
            made[first] = value
    return made
