"""What goes in and out: strict JSON bodies, bounded texts, bases of request and answer models.

No model here is a table, and none serves two audiences.
"""

import json
import re
import unicodedata
from datetime import date
from functools import cache
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Body, Header, Query
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import CoreSchema, core_schema, from_json, to_json

from shared.errors import BadRequest, FieldError, Unprocessable
from shared.finite import Finite
from shared.settings import Limits

T = TypeVar("T")

_ALLOWED_CONTROLS = {"\n", "\t"}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NAMED = b'":'
_BLANKS = b" \t\n\r"
#: Shorter ones fit into 64 bits, whatever their digits are.
_LONG_NUMBER = b"0" * 19
_AS_ZEROS = bytes.maketrans(b"123456789", b"000000000")
_SMALLEST = -(2**63)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")


class Sent(Finite):
    """Base of every request model: strict, closed, finite."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, use_attribute_docstrings=True)


class Shown(BaseModel):
    """Base of every answer model: open to additions."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class JsonBytes:
    """Hands the raw bytes of a body to pydantic's own JSON parser, in strict mode."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        """Parse the bytes, then validate."""
        return core_schema.json_schema(handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        """Show the model, not the string that holds it."""
        shown: dict[str, Any] = handler(schema)
        inner: dict[str, Any] = shown.get("contentSchema", shown)
        return inner


class JsonLinesBytes:
    """Splits a body into lines, one object each; a bad line becomes a `BadLine`, the good ones stay."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        """Validate each line by itself."""
        line = core_schema.no_info_wrap_validator_function(
            read_line, core_schema.json_schema(handler.generate_schema(source.__args__[0]))
        )
        return core_schema.no_info_before_validator_function(_split, core_schema.list_schema(line))

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        """Show a binary body of JSON Lines with the schema of its rows."""
        rows = handler(schema["schema"]["items_schema"]["schema"])
        content = {"type": "array", "items": rows.get("contentSchema", rows)}
        return {
            "type": "string",
            "format": "binary",
            "minLength": 1,
            "contentMediaType": "application/jsonl",
            "contentSchema": content,
        }


class BadLine:
    """A line of a bulk body that cannot be taken, with what is wrong in it."""

    def __init__(self, errors: list[FieldError], *, line: int | None = None, row: str | None = None) -> None:
        """Hold the errors of one line; its number and the row's id where these are known."""
        self.errors = errors
        self.line = line
        self.row = row


@cache
def bulk_limits() -> Limits:
    """Give the limits of bodies, as the environment sets them."""
    return Limits()


def _split(body: Any) -> list[bytes]:
    lines = [line for line in bytes(body).split(b"\n") if line.strip()]
    limits = bulk_limits()
    if len(lines) > limits.bulk_rows:
        raise Unprocessable(f"at most {limits.bulk_rows} rows at once", code="too_many_rows")
    return lines


def read_line(line: Any, handler: Any) -> Any:
    """Read one line of a bulk body, or give a `BadLine` with what is wrong in it."""
    try:
        if len(line) > bulk_limits().bulk_line_bytes:
            return BadLine([FieldError("", "too_long", "the line is too long")])
        check_json(line)
        return handler(line)
    except BadRequest as error:
        return BadLine([FieldError("", error.problem_code, error.detail)])
    except ValidationError as error:
        return BadLine(field_errors(error.errors(include_url=False, include_input=False), line, prefix=0))


Json = Annotated[T, JsonBytes(), Body()]
MergePatch = Annotated[T, JsonBytes(), Body(media_type="application/merge-patch+json")]
#: `JsonLines[list[Row]]` is read whole, `JsonLines[Lines[Row]]` (shared.lines) as it comes.
JsonLines = Annotated[T, JsonLinesBytes(), Body(media_type="application/jsonl")]
Filtered = Annotated[T, Query()]
IfMatch = Annotated[
    str, Header(alias="If-Match", max_length=200, description="The ETag of the version that the change is meant for.")
]


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _no_tricks(text: str) -> str:
    if _BIDI.search(text):
        raise ValueError("characters that change the direction of writing are not taken here")
    return text


def whole(value: Any) -> Any:
    """Take 2.0 for 2, as JSON Schema does; write it last in the annotation, or the bounds are lost."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def iso_day(value: Any) -> Any:
    """Take an ISO date and nothing else for a query parameter."""
    if isinstance(value, str) and _DAY.fullmatch(value):
        return date.fromisoformat(value)
    if isinstance(value, date):
        return value
    raise ValueError("write a date as YYYY-MM-DD")


_NO_NUL = r"^[^\x00]*$"
Name = Annotated[
    str, Field(min_length=1, max_length=200, pattern=_NO_NUL), AfterValidator(_composed), AfterValidator(_no_tricks)
]
Code = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._/:-]*$")]
ShortText = Annotated[str, Field(min_length=1, max_length=1_000, pattern=_NO_NUL), AfterValidator(_composed)]
LongText = Annotated[str, Field(min_length=1, max_length=50_000, pattern=_NO_NUL), AfterValidator(_composed)]
SearchText = Annotated[str, Field(min_length=2, max_length=100, pattern=_NO_NUL)]
Day = Annotated[date, BeforeValidator(iso_day)]
Whole = BeforeValidator(whole)


class Reference(Shown):
    """A thing of this or another service, with its name."""

    id: UUID
    name: str


def check_json(body: bytes, limits: Limits | None = None) -> None:
    """Refuse what the strict parser would let pass: twins, depth, size, lone surrogates, control characters.

    Raises BadRequest for what is no JSON of ours, Unprocessable for a number or text beyond a limit.
    """
    if _is_plain(body, bounds := limits or bulk_limits()) and _is_without_twins(body):
        return
    try:
        parsed = json.loads(
            body.decode("utf-8"), object_pairs_hook=_no_twins, parse_constant=_no_constant, parse_int=_bounded
        )
    except BadRequest:
        raise
    except (ValueError, RecursionError):
        raise BadRequest("the body is not JSON", code="malformed_json") from None
    _walk(parsed, bounds)


def _is_plain(body: bytes, limits: Limits) -> bool:
    """Tell by its bytes that a body holds no text and no depth that a walk could refuse; most lines of a bulk body are such."""
    return (
        len(body) <= min(limits.string_characters, limits.json_nodes)
        and body.isascii()
        and b"\\" not in body
        and b"\x7f" not in body
        and body.count(b"{") + body.count(b"[") < limits.json_depth
    )


def _is_without_twins(body: bytes) -> bool:
    """Tell whether a plain body is JSON without twins and large integers; where this is in doubt the full check decides.

    Without a backslash every quote begins or ends a text: a quote before a colon, blanks left out, ends a member's name
    or begins a text with a colon. Written anew, the object has as many of both as it was sent with, unless a twin was lost.
    """
    close = body.translate(_AS_ZEROS, _BLANKS)
    if _LONG_NUMBER in close:
        return False
    try:
        anew = to_json(from_json(body, allow_inf_nan=False))
    except ValueError:
        return False
    return close.count(_NAMED) == anew.translate(None, _BLANKS).count(_NAMED)


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise BadRequest("a member stands twice in one object", code="duplicate_member")
    return made


def _no_constant(_name: str) -> Any:
    raise Unprocessable(
        "a value is not acceptable", errors=[FieldError("", "finite_number", "NaN and Infinity are no numbers here")]
    )


def _bounded(digits: str) -> int:
    if len(digits) > 20 or not _SMALLEST <= int(digits) < -_SMALLEST:
        raise Unprocessable(
            "a value is not acceptable", errors=[FieldError("", "integer_range", "an integer fits into 64 bits")]
        )
    return int(digits)


def _walk(parsed: Any, limits: Limits) -> None:
    level, nodes, depth = [parsed], 0, 0
    while level:
        depth += 1
        nodes += len(level)
        if depth > limits.json_depth or nodes > limits.json_nodes:
            raise BadRequest(f"at most {limits.json_depth} levels and {limits.json_nodes} values", code="too_deep")
        below: list[Any] = []
        for value in level:
            if isinstance(value, str):
                _check_text(value, limits)
            elif isinstance(value, dict):
                for name in value:
                    _check_text(name, limits)
                below += value.values()
            elif isinstance(value, list):
                below += value
        level = below


def _check_text(text: str, limits: Limits) -> None:
    if text.isascii() and text.isprintable() and len(text) <= limits.string_characters:
        return
    if len(text) > limits.string_characters:
        raise Unprocessable("a value is not acceptable", errors=[FieldError("", "too_long", "a text is too long")])
    if _CONTROL.search(text):
        raise BadRequest("control characters but tab and line break are not taken", code="control_character")
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise BadRequest("the body is not JSON", code="malformed_json")


def field_errors(errors: Any, body: bytes, *, prefix: int = 1) -> list[FieldError]:
    """Turn pydantic's errors into pointers and sentences without the value; union tags drop out of the pointer."""
    try:
        sent = json.loads(body)
    except ValueError:
        sent = None
    return [FieldError(_pointer(error["loc"][prefix:], sent), error["type"], _sentence(error)) for error in errors]


def _pointer(location: tuple[Any, ...], sent: Any) -> str:
    steps: list[str] = []
    for position, part in enumerate(location):
        if isinstance(sent, dict) and (part in sent or position == len(location) - 1):
            sent = sent.get(part)
        elif isinstance(sent, list) and isinstance(part, int) and part < len(sent):
            sent = sent[part]
        elif sent is not None:
            continue
        steps.append(str(part).replace("~", "~0").replace("/", "~1"))
    return "".join(f"/{each}" for each in steps)


def _sentence(error: Any) -> str:
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    message: str = error["msg"]
    return message[0].lower() + message[1:]
