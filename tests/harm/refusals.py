"""Sends what must be refused, with a canary where it hurts: the answers, and all that is kept, may not say it again."""

import json
from dataclasses import dataclass, field

import httpx

from tests.harm.canaries import Canaries
from tests.people import Actor, People

JSONL = {"Content-Type": "application/jsonl"}


@dataclass
class Refused:
    """The answers that came back, and what was sent to get them."""

    canaries: Canaries
    answers: dict[str, httpx.Response] = field(default_factory=dict)
    unexpected: dict[str, int] = field(default_factory=dict)

    async def take(self, what: str, status: int, actor: Actor, method: str, path: str, **sent: object) -> None:
        """Send one request that is to be refused with a status; 'CANARY' in it becomes a word of its own."""
        word = self.canaries.refused(f"refused {what}")
        headers = {name: value.replace("CANARY", word) for name, value in dict(sent.pop("headers", {})).items()}  # type: ignore[call-overload]
        body = sent.pop("body", None)
        text = body if isinstance(body, str) else json.dumps(body)
        content = text.replace("CANARY", word).encode() if body is not None else None
        if content is not None:
            headers.setdefault("Content-Type", "application/json")
        answer = await actor.send(method, path.replace("CANARY", word), content=content, headers=headers)
        if answer.status_code != status:
            self.unexpected[what] = answer.status_code
        self.answers[what] = answer


async def provoke(people: People, canaries: Canaries, *, referral: str, complaint: str) -> Refused:
    """Provoke each kind of refusal, at routes that take what is restricted."""
    refused = Refused(canaries)
    take = refused.take
    officer, partner = await people.as_("complaints-officer"), await people.as_("partner")
    staff, official = await people.as_("staff"), await people.as_("authority-official")
    good = {"received_on": "2026-10-01", "channel": "mail", "source_role": "family"}
    told = {"language": "en", "text": "CANARY"}

    new = "/npm/complaints"
    await take("wrong date", 422, officer, "POST", new, body={**good, "received_on": "CANARY"})
    await take("wrong code", 422, officer, "POST", new, body={**good, "channel": "CANARY"})
    await take("wrong id", 422, officer, "POST", new, body={**good, "place_id": "CANARY"})
    await take("wrong kind of value", 422, officer, "POST", new, body={**good, "persons": "CANARY"})
    await take("beside a wrong value", 422, officer, "POST", new, body={**good, "group_size": -1, "narrative": told})
    await take("unknown value", 422, officer, "POST", new, body={**good, "themes": ["CANARY"]})
    long = {**good, "narrative": {"language": "en", "text": "CANARY" + "x" * 99_000}}
    await take("too long a text", 422, officer, "POST", new, body=long)
    await take("too long a body", 413, officer, "POST", new, body={**good, "x": "CANARY" + "x" * 1_100_000})
    await take("broken JSON", 400, officer, "POST", new, body='{"narrative": "CANARY')
    await take("not finite", 422, officer, "POST", new, body='{"narrative": "CANARY", "group_size": NaN}')
    await take("named twice", 400, officer, "POST", new, body='{"CANARY": 1, "CANARY": 2}')
    plain = {"Content-Type": "text/plain"}
    await take("wrong media type", 415, officer, "POST", new, body="CANARY", headers=plain)
    await take("odd media type", 415, officer, "POST", new, body="CANARY", headers={"Content-Type": "text/CANARY"})
    await take("without a token", 401, people.stranger(), "POST", new, body={**good, "narrative": told})
    await take("without the scope", 403, official, "POST", new, body={**good, "narrative": told})

    step = {"action": "reopen", "reason": "CANARY"}
    tag = {"If-Match": (await officer.get(complaint)).headers["ETag"]}
    await take("a step too early", 409, officer, "POST", f"{complaint}/transitions", body=step, headers=tag)
    await take("an old version", 412, officer, "POST", f"{complaint}/transitions", body=step, headers={"If-Match": '"CANARY"'})  # fmt: skip
    await take("no version", 428, officer, "POST", f"{complaint}/transitions", body=step)
    await take("unknown step", 422, officer, "POST", f"{complaint}/transitions", body={"action": "CANARY"}, headers=tag)
    await take("unknown purpose", 400, officer, "GET", f"{complaint}/narrative", headers={"X-Access-Purpose": "CANARY"})

    await take("unknown path", 404, officer, "GET", "/npm/CANARY")
    await take("unknown thing", 404, officer, "GET", f"{new}/CANARY")
    await take("unknown submission", 404, partner, "GET", "/partner/complaint-referrals/CANARY")
    await take("unknown parameter", 422, officer, "GET", f"{new}?CANARY=1")
    await take("unknown filter", 422, officer, "GET", f"{new}?state=CANARY")
    await take("made-up cursor", 400, officer, "GET", f"{new}?cursor=CANARY")

    again = {
        "external_id": referral.rpartition("/")[2], "received_on": "2026-10-04", "kind": "treatment", "source_role": "family",
        "themes": [{"code": "34A"}], "place": {"name": "CANARY", "region": "North"}, "narrative": told, "consent": {"state": "refused"},
    }  # fmt: skip
    sent = "/partner/complaint-referrals"
    await take("sent twice", 409, partner, "POST", sent, body=again)
    person = {"role": "witness", "name": "CANARY"}
    await take(
        "person without consent", 422, partner, "POST", sent, body={**again, "external_id": "X", "persons": [person]}
    )
    await take("bulk with bad lines", 200, partner, "POST", f"{sent}/bulk", body='{"narrative": "CANARY"}\n"CANARY"\n{CANARY', headers=JSONL)  # fmt: skip
    wrong = {"place_id": "CANARY", "kind": "concern", "text": "CANARY"}
    await take("information on nothing", 422, partner, "POST", "/partner/place-information", body=wrong)
    nowhere = "6c1c2a51-5a0b-4f08-9dcf-97c0a7b7f0aa"
    wrong = {"place_id": nowhere, "kind": "concern", "text": "CANARY"}
    await take("information on no place", 422, partner, "POST", "/partner/place-information", body=wrong)
    await take("finding on nothing", 422, staff, "POST", f"/npm/visits/{nowhere}/findings", body={"text": "CANARY"})
    assert not refused.unexpected, refused.unexpected
    return refused
