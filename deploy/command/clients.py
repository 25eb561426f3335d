"""`./a22 clients`: machine clients through the API, with the token of a person who may; and a machine's own key and token."""

import json
import os
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID, uuid4

import httpx
import typer
import yaml

from deploy.command.application import new_application
from deploy.command.target import Url, asked
from deploy.partner import proof
from shared.identity import SigningKey

#: In development: who runs the system proposes and ends, who leads the institution lets in.
PROPOSER, APPROVER = "sysadmin", "head"
MOST_BYTES = 64_000
#: Members of a private JWK (RFC 7518 §6): none of them ever leaves the machine it was made on.
PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})

Default = "http://127.0.0.1:8000"
ClientId = Annotated[UUID, typer.Argument(help="The client's id.")]
KeyId = Annotated[str, typer.Argument(help="The key's id.")]

application = new_application(help="Machine clients and their keys.", no_args_is_help=True)


class Refused(Exception):
    """A file cannot be taken; the message names the place."""


@application.command()
def add(file: Annotated[Path, typer.Argument(help="A YAML file, see the README.")], *, url: Url = Default) -> None:
    """Propose the machine client that a file describes; another person approves it."""
    try:
        written = read(file)
    except Refused as refused:
        typer.echo(f"{file.name}: {refused}", err=True)
        raise typer.Exit(1) from None
    made = _sent(url, PROPOSER, "POST", "/v1/npm/clients", written, of=file.name)
    typer.echo(
        f"{made['id']} {made['name']}: {made['status']}; another person lets it in: ./a22 clients approve {made['id']}"
    )


@application.command(name="list")
def list_(*, url: Url = Default) -> None:
    """List machine clients."""
    for each in _every(url):
        told = f"{each['status']:8} {each['audience_class']:9} until {each['valid_until']}"
        typer.echo(f"{each['id']} {told} {each['name']} ({', '.join(each['roles'])})")


@application.command()
def show(client_id: ClientId, *, url: Url = Default) -> None:
    """Show a machine client with its scopes and keys."""
    typer.echo(json.dumps(_sent(url, PROPOSER, "GET", f"/v1/npm/clients/{client_id}"), indent=1))


@application.command()
def approve(client_id: ClientId, *, url: Url = Default) -> None:
    """Let a proposed client in, with its keys; not one's own proposal."""
    _act(url, APPROVER, f"/v1/npm/clients/{client_id}", "approve", read=f"/v1/npm/client-proposals/{client_id}")


@application.command()
def revoke(client_id: ClientId, *, url: Url = Default) -> None:
    """End a client for good."""
    _act(url, PROPOSER, f"/v1/npm/clients/{client_id}", "revoke")


@application.command()
def add_key(
    client_id: ClientId, file: Annotated[Path, typer.Argument(help="A public JWK.")], *, url: Url = Default
) -> None:
    """Propose another key of a client, so that one can follow the other; another person approves it."""
    try:
        written = read(file)
    except Refused as refused:
        typer.echo(f"{file.name}: {refused}", err=True)
        raise typer.Exit(1) from None
    _sent(url, PROPOSER, "POST", f"/v1/npm/clients/{client_id}/keys", written, of=file.name)
    typer.echo(f"{client_id} {written['kid']}: proposed; ./a22 clients approve-key {client_id} {written['kid']}")


@application.command()
def approve_key(client_id: ClientId, kid: KeyId, *, url: Url = Default) -> None:
    """Let a proposed key in; not one's own proposal."""
    read = f"/v1/npm/client-proposals/{client_id}"
    _act(url, APPROVER, f"/v1/npm/clients/{client_id}", "approve", key=kid, read=read)


@application.command()
def remove_key(client_id: ClientId, kid: KeyId, *, url: Url = Default) -> None:
    """Take a client's key away for good."""
    _act(url, PROPOSER, f"/v1/npm/clients/{client_id}", "remove", key=kid)


@application.command()
def new_key(
    file: Annotated[Path, typer.Argument(help="Where the private key is written: NAME.pem.")],
    kid: KeyId,
) -> None:
    """For the machine's own side: make a private key, and print the public one as the line for the file of `add`."""
    if file.suffix != ".pem":
        raise typer.BadParameter("the file ends in .pem")
    try:
        made = proof.new_key(file)
    except FileExistsError:
        typer.echo(f"{file} is there already; nothing was written", err=True)
        raise typer.Exit(1) from None
    typer.echo(json.dumps({**made.public.as_jwk(), "kid": kid}))


@application.command()
def token(
    client_id: ClientId,
    file: Annotated[Path, typer.Argument(help="The machine's private key, PEM.")],
    kid: KeyId,
    *,
    scope: Annotated[str | None, typer.Option(help="Fewer scopes than registered, with blanks between.")] = None,
    url: Url = Default,
) -> None:
    """For the machine's own side: prove who it is and print its bearer token, which lasts five minutes."""
    try:
        key = SigningKey.read_from(file)
    except (OSError, ValueError, TypeError):
        typer.echo(f"{file} holds no private key of the curve P-256", err=True)
        raise typer.Exit(1) from None
    key.kid = kid
    try:
        with httpx.Client(base_url=url, timeout=10) as client:
            typer.echo(proof.token(client, key, str(client_id), scope=scope))
    except proof.NotGiven as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(2) from None
    except httpx.HTTPError:
        typer.echo(f"nothing answers at {url}", err=True)
        raise typer.Exit(2) from None


def read(file: Path) -> dict[str, Any]:
    """Read a registration or a key; Refused names what is wrong. A private part is never read further, and never sent."""
    try:
        text = file.read_bytes()[: MOST_BYTES + 1].decode("utf-8")
        written = yaml.load(text, Loader=_Strict)  # noqa: S506 - a safe loader that is stricter still
    except (OSError, UnicodeDecodeError):
        raise Refused("a YAML file in UTF-8") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}: " if mark else ""
        raise Refused(f"{place}{getattr(error, 'problem', None) or 'not YAML'}") from None
    if len(text) > MOST_BYTES or not isinstance(written, dict):
        raise Refused(f"keys and values, at most {MOST_BYTES} bytes")
    keys = written["keys"] if isinstance(written.get("keys"), list) else [written]
    for number, key in enumerate(keys):
        private = sorted(PRIVATE & key.keys()) if isinstance(key, dict) else []
        if private:
            place = f"keys.{number}.{private[0]}" if "keys" in written else private[0]
            raise Refused(f"{place}: this is a private key; it stays where it was made. Send the public half alone")
    return written


class _Strict(yaml.SafeLoader):
    """A safe loader without aliases, in which dates stay texts and no key stands twice."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Refuse an alias."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "no aliases here", self.peek_event().start_mark)  # type: ignore[no-untyped-call]
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        """Refuse a key that stands twice."""
        before: list[Any] = []
        for name, _ in node.value:
            if name.value in before:
                raise yaml.constructor.ConstructorError(None, None, f"{name.value} stands twice", name.start_mark)
            before.append(name.value)
        return super().construct_mapping(node, deep)


_Strict.yaml_implicit_resolvers = {
    letter: [each for each in known if each[0] not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")]
    for letter, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _act(url: str, persona: str, path: str, action: str, *, key: str | None = None, read: str = "") -> None:
    """Take an action on a client or a key; who lets in reads the proposal, which takes no other right."""
    with httpx.Client(base_url=url, timeout=10) as client:
        headers = _authorization(client, persona)
        there = _answered(client, "GET", read or path, headers)
        tag = there.headers["ETag"]
        address = f"{path}/keys/{key}/transitions" if key else f"{path}/transitions"
        made = _answered(client, "POST", address, {**headers, "If-Match": tag}, json={"action": action}).json()
    if key:
        [status] = [each["status"] for each in made["keys"] if each["kid"] == key]
        typer.echo(f"{made['id']} {key}: {status}")
    else:
        typer.echo(f"{made['id']} {made['name']}: {made['status']}")


def _sent(url: str, persona: str, method: str, path: str, body: Any = None, *, of: str = "") -> dict[str, Any]:
    with httpx.Client(base_url=url, timeout=10) as client:
        headers = {**_authorization(client, persona), "Idempotency-Key": uuid4().hex}
        shown: dict[str, Any] = _answered(client, method, path, headers, json=body, of=of).json()
    return shown


def _every(url: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    with httpx.Client(base_url=url, timeout=10) as client:
        headers, cursor = _authorization(client, PROPOSER), ""
        while True:
            shown = _answered(client, "GET", f"/v1/npm/clients?limit=100{cursor}", headers).json()
            found += shown["items"]
            if not shown["next_cursor"]:
                return found
            cursor = f"&cursor={shown['next_cursor']}"


def _authorization(client: httpx.Client, persona: str) -> dict[str, str]:
    """Act with A22_TOKEN; in development as the persona who may do this."""
    given = os.environ.get("A22_TOKEN") or asked(client, persona, step_up=True)
    return {"Authorization": f"Bearer {given}"}


def _answered(
    client: httpx.Client, method: str, path: str, headers: dict[str, str], *, json: Any = None, of: str = ""
) -> httpx.Response:
    try:
        answer = client.request(method, path, headers=headers, json=json)
    except httpx.HTTPError:
        typer.echo(f"nothing answers at {client.base_url}; start it with ./a22 up", err=True)
        raise typer.Exit(2) from None
    if answer.status_code < 300:
        return answer
    told = answer.json()
    for each in told.get("errors", ()):
        typer.echo(f"{of}: {each['pointer'].strip('/').replace('/', '.')}: {each['detail']}".lstrip(": "), err=True)
    if not told.get("errors"):
        typer.echo(told["detail"], err=True)
    raise typer.Exit(1 if answer.status_code in (400, 409, 422) else 2)
