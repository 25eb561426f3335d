"""Whom an entry hits: every kind against every caller, before and after, blocked and lifted."""

from dataclasses import replace

import pytest

from shared.caller import AUDIENCE_CLASSES, Caller
from shared.revocations.rules import LEEWAY_SECONDS, NEVER_JUDGED, Entry, RevocationKind, hits

AT = 1_900_000_000
INSTITUTION = "0a8d0d5d-23b8-42ec-af59-2333f37157fd"
OFFICIAL = Caller(
    subject="official",
    issuer="https://id.authority.example",
    client_id="authority-portal",
    audience_class="authority",
    institution_id=INSTITUTION,
    authority_id="authority-a",
    token_id="token-1",
    issued_at=AT,
)
SYSTEM = Caller(
    subject="system",
    issuer="https://npm.example",
    client_id="system",
    audience_class="partner",
    institution_id=INSTITUTION,
    partner_id="partner-a",
    token_id="token-2",
    issued_at=AT,
)
MEMBER = replace(OFFICIAL, audience_class="npm", subject="member", authority_id="", token_id="token-3")
EXPERT = replace(MEMBER, audience_class="expert", subject="expert", expert_id="expert-a", token_id="token-4")
CALLERS = {"official": OFFICIAL, "system": SYSTEM, "member": MEMBER, "expert": EXPERT}

#: Whom each entry names, and nobody else of the four.
NAMED = {
    (RevocationKind.SUBJECT, "official"): {"official"},
    (RevocationKind.SUBJECT, "system"): {"system"},
    (RevocationKind.SUBJECT, "token-1"): set(),
    (RevocationKind.CLIENT, "authority-portal"): {"official", "member", "expert"},
    (RevocationKind.CLIENT, "system"): {"system"},
    (RevocationKind.CLIENT, "official"): set(),
    (RevocationKind.ORGANISATION, "authority-a"): {"official"},
    (RevocationKind.ORGANISATION, "partner-a"): {"system"},
    (RevocationKind.ORGANISATION, INSTITUTION): {"member", "expert"},
    (RevocationKind.ORGANISATION, "system"): set(),
    (RevocationKind.TOKEN, "token-1"): {"official"},
    (RevocationKind.TOKEN, "token-4"): {"expert"},
    (RevocationKind.TOKEN, "system"): set(),
}
NAMES = [(kind, value, name) for kind, value in NAMED for name in CALLERS]


@pytest.mark.parametrize(("kind", "value", "name"), NAMES)
def test_a_block_hits_whom_it_names_whenever_the_token_was_issued(kind: RevocationKind, value: str, name: str) -> None:
    entry = Entry(id="1", kind=kind, value=value)
    is_hit = name in NAMED[(kind, value)]

    assert hits(entry, CALLERS[name]) is is_hit
    assert hits(entry, replace(CALLERS[name], issued_at=AT * 2)) is is_hit
    assert not hits(replace(entry, is_lifted=True), CALLERS[name])


@pytest.mark.parametrize(("kind", "value", "name"), NAMES)
@pytest.mark.parametrize(
    ("seconds_after", "is_old"),
    [(-3600, True), (-1, True), (0, True), (LEEWAY_SECONDS, True), (LEEWAY_SECONDS + 1, False), (3600, False)],
)
def test_an_instant_hits_what_was_issued_up_to_it(
    kind: RevocationKind, value: str, name: str, seconds_after: int, is_old: bool
) -> None:
    entry = Entry(id="1", kind=kind, value=value, issued_before=AT)
    caller = replace(CALLERS[name], issued_at=AT + seconds_after)

    assert hits(entry, caller) is (is_old and name in NAMED[(kind, value)])
    assert not hits(replace(entry, is_lifted=True), caller)


@pytest.mark.parametrize("name", CALLERS)
@pytest.mark.parametrize("kind", [RevocationKind.SUBJECT, RevocationKind.CLIENT, RevocationKind.TOKEN])
def test_an_issuer_that_is_named_must_be_the_callers(kind: RevocationKind, name: str) -> None:
    caller = CALLERS[name]
    value = {RevocationKind.SUBJECT: caller.subject, RevocationKind.CLIENT: caller.client_id}.get(kind, caller.token_id)

    for issued_before in (None, AT):
        entry = Entry(id="1", kind=kind, value=value, issuer=caller.issuer, issued_before=issued_before)
        assert hits(entry, caller)
        assert not hits(replace(entry, issuer="https://elsewhere.example"), caller)


def test_a_token_that_does_not_say_when_it_was_issued_counts_as_old() -> None:
    assert hits(
        Entry(id="1", kind=RevocationKind.SUBJECT, value="member", issued_before=AT), replace(MEMBER, issued_at=0)
    )


def test_what_a_caller_does_not_have_is_no_name() -> None:
    bare = Caller(subject="somebody", audience_class="npm")

    for kind in RevocationKind:
        assert not hits(Entry(id="1", kind=kind, value=""), bare) or kind is RevocationKind.SUBJECT


@pytest.mark.parametrize("audience_class", [*AUDIENCE_CLASSES, "worker"])
def test_only_services_the_public_and_the_machine_itself_are_never_judged(audience_class: str) -> None:
    caller = replace(MEMBER, audience_class=audience_class)
    entry = Entry(id="1", kind=RevocationKind.SUBJECT, value="member")

    assert hits(entry, caller) is (audience_class not in NEVER_JUDGED)
