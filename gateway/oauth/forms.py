"""Reads the one kind of body that is taken under /oauth: a short form in which nothing stands twice (RFC 6749 §3.2)."""

from urllib.parse import parse_qsl

from starlette.requests import Request

from gateway.oauth.refusals import InvalidRequest

MOST_BYTES = 32_768
MOST_FIELDS = 20
_MEDIA_TYPE = "application/x-www-form-urlencoded"


async def read(request: Request) -> dict[str, str]:
    """Give the parameters of a form; empty ones count as left out (RFC 6749 §3.2). Raises InvalidRequest."""
    if request.scope["query_string"]:
        raise InvalidRequest("parameters belong into the body, never into the address")
    if request.headers.get("authorization") is not None:
        raise InvalidRequest("authenticate with client_assertion alone, without an Authorization header")
    media_types = request.headers.getlist("content-type")
    if [each.split(";")[0].strip().lower() for each in media_types] != [_MEDIA_TYPE]:
        raise InvalidRequest(f"send {_MEDIA_TYPE}")
    return parsed(await _bounded(request))


def parsed(body: bytes) -> dict[str, str]:
    """Read a form strictly: percent-encoded UTF-8, at most 20 parameters, none twice. Raises InvalidRequest."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, strict_parsing=bool(body), errors="strict",
            max_num_fields=MOST_FIELDS,
        )  # fmt: skip
    except (ValueError, UnicodeError):
        raise InvalidRequest("the form cannot be read") from None
    if len({name for name, _ in pairs}) != len(pairs):
        raise InvalidRequest("a parameter stands twice")
    return {name: value for name, value in pairs if value}


async def _bounded(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise InvalidRequest(f"at most {MOST_BYTES} bytes")
    return body
