"""One run of one audience: cases of schemathesis' engine, sent by real callers to things that exist, judged one by one."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import uuid4

import requests
import schemathesis
from schemathesis import AuthContext, Case, HookContext, Response
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation
from schemathesis.engine import Status, events, from_schema
from schemathesis.hooks import GLOBAL_HOOK_DISPATCHER

from tests.fuzz.callers import MACHINES, Callers
from tests.fuzz.judging import Fault, faults
from tests.fuzz.system import System
from tests.harm.crawl import DOCUMENTS, document

#: What is not fuzzed, and why.
LEFT_OUT = {
    "advance_clock": "moves the clock of the whole system by up to ten years a call: no deadline or token would hold afterwards",
}
CHECKS = {
    "enabled": True,
    # made-up versions, cursors and ids are refused by right; what the document allows and the model refuses is judged by us
    "positive_data_acceptance": {"enabled": False},
    "missing_required_header": {"expected-statuses": [400, 401, 403, 404, 406, 422, 428]},
    "negative_data_rejection": {"expected-statuses": [400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428]},
    # one token a run would be needed; the harm tests compare callers
    "object_level_authorization": {"enabled": False},
    "use_after_free": {"enabled": False},
    "ensure_resource_availability": {"enabled": False},
}


@dataclass(frozen=True)
class Plan:
    """How one pass of the engine goes."""

    seed: int
    examples: int
    """At most so many for each operation, in the phase of free invention."""
    boundaries: bool = True
    """Also each limit of each value, missing and doubled members, other methods, other media types."""
    links: bool = False
    """Also sequences: what one answer names, the next request asks for."""
    only: frozenset[str] = frozenset()
    """These operations alone; all but LEFT_OUT when empty."""


def operations_of(audience: str) -> list[str]:
    """Give the operation ids of an audience."""
    return [told["operationId"] for item in document(audience)["paths"].values() for told in item.values()]


@dataclass
class Run:
    """What one audience's run did and found."""

    audience: str
    sent: Counter[str] = field(default_factory=Counter)
    answered: Counter[int] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    faults: dict[Fault, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def note(self, operation: str, judge: str, told: str, how: str) -> None:
        """Keep one fault with the first way to see it."""
        self.faults.setdefault(Fault(operation, judge, told), how)

    @property
    def total(self) -> int:
        """Give the number of requests."""
        return self.sent.total()


class Sender:
    """Makes each case a request that gets somewhere: who sends it, to what, with which version and which key."""

    def __init__(self, system: System, audience: str, seed: int, run: Run) -> None:
        """Send for one audience; `seed` chooses persona and ids."""
        self._system = system
        self._callers = Callers(system.address, audience)
        self._chance = Random(seed)
        self._run = run
        self._tags: dict[str, str] = {}
        self._personas: dict[str, str] = {}
        self._pointed: set[str] = set()
        self._raw = (DOCUMENTS / f"{audience}.json").read_text(encoding="utf-8")
        self._session = requests.Session()

    @property
    def has_tokens(self) -> bool:
        """Tell whether this audience comes with tokens."""
        return self._callers.audience != "public"

    def before(self, _context: HookContext, case: Case[Any], _sending: dict[str, Any]) -> None:
        """Put existing ids, a known version and a key into a case that is about to be sent."""
        persona = self._personas.get(case.id, "")
        if case.id not in self._pointed:
            self._pointed.add(case.id)
            self._point(case, persona)
        if persona in MACHINES and case.method.upper() == "POST" and self._chance.random() < 0.95:
            case.headers.setdefault("Idempotency-Key", uuid4().hex)

    def caller_of(self, case: Case[Any]) -> str:
        """Choose who sends a case; gives the token."""
        told = case.operation.definition.raw
        persona = self._personas[case.id] = self._callers.choose(told.get("x-access", {}), self._chance)
        return self._callers.token(persona) if persona else ""

    def _point(self, case: Case[Any], persona: str) -> None:
        """Let three of four cases name what exists, and half of the changes the version that was last seen."""
        is_made_up = case.meta is not None and case.meta.is_negative_at(ParameterLocation.PATH)
        if case.path_parameters and not is_made_up and self._chance.random() < 0.75:
            found = self._system.known.pick(case.operation.path, persona, self._chance)
            if found is not None:
                case.path_parameters.update(found)
        if "If-Match" in case.headers and self._chance.random() < 0.5:
            case.headers["If-Match"] = self._tags.get(_thing(case.formatted_path), '"none"')

    def after(self, _context: HookContext, case: Case[Any], response: Response) -> None:
        """Count and judge an answer; learn the version of what was shown."""
        name = str(case.operation.definition.raw["operationId"])
        persona = self._personas.get(case.id, "")
        self._run.sent[name] += 1
        self._run.answered[response.status_code] += 1
        if "etag" in response.headers and response.request.method == "GET":
            self._tags[_thing(case.formatted_path)] = response.headers["etag"][0]
        for judge, told in faults(case, response, persona, self._system.canaries, self._raw):
            self._run.note(name, judge, told, shown(case, response))
        if response.status_code >= 400:
            self._run.refused[_code(response)] += 1
        hidden = [each for each in (case.path_parameters or {}).values() if self._is_hidden(persona, each)]
        if hidden and self._callers.audience != "npm":
            self._compare(name, case, response, hidden)

    def _is_hidden(self, persona: str, value: Any) -> bool:
        return isinstance(value, str) and len(value) == 36 and self._system.known.is_hidden(persona, value)

    def _compare(self, name: str, case: Case[Any], response: Response, hidden: list[str]) -> None:
        """Send the same for things that nobody has: the answer must be the same to the byte."""
        request = response.request.copy()
        for each in hidden:
            request.url = str(request.url).replace(each, str(uuid4()))
        absent = self._session.send(request, timeout=30)
        if absent.status_code != response.status_code or _without_id(absent.content) != _without_id(response.content):
            told = f"hidden answers {response.status_code}, absent {absent.status_code}"
            self._run.note(name, "hidden", told, shown(case, response))


def _thing(path: str) -> str:
    """Give the path of what a change is about: its own path, or the one above a transition."""
    return path.removesuffix("/transitions")


def _code(response: Response) -> str:
    try:
        return f"{response.status_code} {json.loads(response.content)['code']}"
    except (ValueError, KeyError, TypeError):
        return f"{response.status_code} ?"


def _without_id(body: bytes) -> bytes:
    return body.partition(b'"instance"')[0] + body.partition(b'"instance"')[2].partition(b"}")[2]


def shown(case: Case[Any], response: Response) -> str:
    """Show how to see a fault again, without the token."""
    request = response.request
    body = request.body if isinstance(request.body, (bytes, str)) or request.body is None else "(a stream)"
    kept = {
        name: value
        for name, value in request.headers.items()
        if name.lower() not in ("authorization", "user-agent", "accept-encoding")
    }
    return f"{request.method} {request.url} {kept} {str(body)[:600]} -> {response.status_code} {response.content[:400]!r} [{case.meta.generation.mode if case.meta else ''}]"


@contextmanager
def _sending(schema: Any, sender: Sender) -> Iterator[None]:
    """Let a sender prepare and judge every case of a schema."""

    def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
        sender.before(context, case, kwargs)

    def after_call(context: HookContext, case: Case[Any], response: Response) -> None:
        sender.after(context, case, response)

    class Tokens:
        """Gives each case the token of somebody who may send it."""

        def get(self, case: Case[Any], _context: AuthContext) -> str:
            return sender.caller_of(case)

        def set(self, case: Case[Any], data: str, _context: AuthContext) -> None:
            if data:
                case.headers["Authorization"] = f"Bearer {data}"

    if sender.has_tokens:
        schema.auth(refresh_interval=None)(Tokens)
    schema.hook(after_call)
    schemathesis.hook(before_call)
    try:
        yield
    finally:
        GLOBAL_HOOK_DISPATCHER.unregister(before_call)


@schemathesis.serializer("application/jsonl")
def _lines(_context: Any, value: Any) -> bytes:
    rows = value if isinstance(value, list) else [value]
    return b"\n".join(json.dumps(row).encode() for row in rows)


def _document(audience: str) -> dict[str, Any]:
    """Give an audience's document with the bodies of JSON Lines as what they hold: a few rows."""
    read: dict[str, Any] = json.loads(json.dumps(document(audience)))
    for item in read["paths"].values():
        for told in item.values():
            content = told.get("requestBody", {}).get("content", {})
            if "application/jsonl" in content:
                rows = content["application/jsonl"]["schema"]["contentSchema"]
                content["application/jsonl"]["schema"] = {**rows, "minItems": 1, "maxItems": 3}
    return read


def _configuration(system: System, audience: str, plan: Plan) -> SchemathesisConfig:
    lines = [
        told["operationId"]
        for item in document(audience)["paths"].values()
        for told in item.values()
        if "application/jsonl" in told.get("requestBody", {}).get("content", {})
    ]
    left_out = set(operations_of(audience)) - set(plan.only) if plan.only else set(LEFT_OUT)
    operations: list[dict[str, Any]] = [{"include-operation-id": sorted(left_out), "enabled": False}]
    if lines:
        # a bad row is reported in the answer and refuses nothing
        operations += [{"include-operation-id": lines, "checks": {"negative_data_rejection": {"enabled": False}}}]
    return SchemathesisConfig.from_dict(
        {
            "base-url": f"{system.address}/v1",
            "seed": plan.seed,
            "suppress-health-check": ["all"],
            "continue-on-failure": True,
            "request-timeout": 60,
            "cache": {"enabled": False},
            "checks": CHECKS,
            "generation": {"max-examples": plan.examples, "no-shrink": True, "database": "none", "allow-x00": False},
            "phases": {
                "examples": {"enabled": plan.boundaries},
                "coverage": {"enabled": plan.boundaries},
                "stateful": {"enabled": plan.links, "generation": {"max-examples": plan.examples}},
            },
            "operations": operations,
        }
    )


def fuzz(system: System, run: Run, plan: Plan) -> None:
    """Run the engine once over one audience; adds to `run`."""
    configuration = _configuration(system, run.audience, plan)
    schema = schemathesis.openapi.from_dict(_document(run.audience), config=configuration)
    with _sending(schema, Sender(system, run.audience, plan.seed, run)):
        for event in from_schema(schema).execute():
            if isinstance(event, events.ScenarioFinished):
                _failures(event, run)
            elif isinstance(event, (events.NonFatalError, events.FatalError)):
                error = event.value if isinstance(event, events.NonFatalError) else event.exception
                run.errors.append(f"{getattr(event, 'label', '')}: {type(error).__name__}: {str(error)[:500]}")


def _failures(event: events.ScenarioFinished, run: Run) -> None:
    """Note what schemathesis' own checks found."""
    for case_id, checks in event.recorder.checks.items():
        for check in checks:
            if check.status is Status.FAILURE and check.failure_info is not None:
                failure = check.failure_info.failure
                case = event.recorder.cases[case_id].value
                interaction = event.recorder.interactions.get(case_id)
                how = shown(case, interaction.response) if interaction and interaction.response else ""
                told = f"{failure.title}: {failure.message[:300]}"
                run.note(str(case.operation.definition.raw["operationId"]), check.name, told, how)
