"""The ids of the made-up country: those that the personas carry, and others that stay the same from run to run.

Knows no content; a thing's id depends on its kind and key alone, never on the order in which things are made.
"""

from random import Random
from uuid import UUID

SEED = 42

INSTITUTION = "0a8d0d5d-23b8-42ec-af59-2333f37157fd"
PRISON_SERVICE = "f9d212a8-7680-4faf-8923-9f324d2f29b3"
HEALTH_DEPARTMENT = "c6798767-af9f-41ef-8ba5-072e0fcd27e6"
POLICE_DIRECTORATE = "40d80bea-6054-4184-8c2d-53cbed320d47"
OMBUDSPERSON = "ba2deaa0-6eff-4e02-b04b-5c1defb731a2"
CHILDRENS_COMMISSIONER = "01a1f0d0-e60f-4489-8b1f-3c1ec0d751d4"
COMPLAINTS_DEPARTMENT = "affc67c5-7d85-4c5d-9925-bfe541f16cfb"
CIVIL_SOCIETY_PARTNER = "ec0eb035-5ee6-49c5-bbf5-c7819187c81f"
OMBUDSPERSON_MOU = "f876b37c-ba9b-49a9-9c63-a12f6d9e44b0"
CHILDRENS_COMMISSIONER_MOU = "0b3e5ccf-78c8-4c29-a8d5-fb2f164c8aed"

HEAD = "bbb77181-7301-4890-8fce-d2aa94075a60"
DEPUTY_HEAD = "b0b0592c-6fc7-483a-990b-279ab3039437"
MEMBER = "11c04990-bb64-43ef-baa6-6369149d637f"
STAFF = "e7a9502e-445d-45a0-ad56-07ad11b97980"
SECONDEE = "8366779c-1411-4a22-ab10-a363276c4eff"
COMPLAINTS_OFFICER = "30c32615-6dc0-493a-a638-42de9213ebd9"
COMPLAINTS_OFFICER_TWO = "815fd7d8-9c09-4239-ad8d-35c350c6c690"
VAULT_KEEPER = "586700a2-06b9-44d4-a769-4fdcf7628012"
DATA_PROTECTION_OFFICER = "4b785361-1b84-4f45-a0d6-139086aea0a6"
SYSADMIN = "4edc7ea2-99a9-4376-a26d-54baee997603"
EXPERT = "7bf4b43d-3c15-4834-899c-51a69f732f60"
EXPERT_TWO = "4f783539-a70f-495d-899d-7d6ea739f8a9"


def made_id(kind: str, key: str | int) -> str:
    """Give the id of a made-up thing: a uuid4 like every other, the same in every run."""
    return str(UUID(int=dice(f"id {kind} {key}").getrandbits(128), version=4))


def dice(part: str) -> Random:
    """Give the dice of one part of the country, so that a change in one part does not stir the others."""
    return Random(f"{SEED} {part}")


#: The expert with a conflict of interest: once employed at the remand prison of the pattern.
EXPERT_THREE = made_id("person", "expert-three")
