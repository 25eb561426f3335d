"""A line of the log: known fields only, our own sentences, and of others the name and the kind of error."""

import json
import logging
from typing import Any

import pytest

from shared.logs import FIELDS, REQUEST, AllowedFields, Concerned
from shared.traces import Trace

SECRET = "she told us about the third cell"


def line(logger: str, message: object, *arguments: object, **more: Any) -> dict[str, Any]:
    record = logging.LogRecord(logger, logging.ERROR, __file__, 1, message, arguments, more.pop("exc_info", None))
    for name, value in more.items():
        setattr(record, name, value)
    written: dict[str, Any] = json.loads(AllowedFields("visits").format(record))
    return written


def test_our_own_sentence_stands_there() -> None:
    told = line("a22.journal", "the journal takes no rows: %s", "DiskFullError")

    assert told.pop("timestamp").endswith("+00:00")
    assert told == {
        "level": "error", "logger": "a22.journal", "part": "visits", "event": "the journal takes no rows: DiskFullError",
    }  # fmt: skip


@pytest.mark.parametrize("logger", ["uvicorn.error", "asyncpg", "sqlalchemy.pool", "a22x", "httpx", "root", ""])
def test_another_loggers_words_are_left_out(logger: str) -> None:
    told = line(logger, f"{SECRET} %s", SECRET, told={"operation": SECRET}, person=SECRET)

    assert SECRET not in json.dumps(told)
    assert set(told) == {"timestamp", "level", "logger", "part", "event"}
    assert told["event"] == "foreign"


def test_of_an_error_only_the_kind_is_said() -> None:
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        with_trace = line("uvicorn.error", SECRET, exc_info=(ValueError, error, error.__traceback__))
    as_message = line("uvicorn.error", OSError(98, SECRET))

    assert (with_trace["error"], as_message["error"]) == ("ValueError", "OSError EADDRINUSE")
    assert SECRET not in json.dumps([with_trace, as_message])


def test_of_what_a_record_brings_along_only_known_fields_are_written() -> None:
    told = line(
        "a22.gateway.requests",
        "request",
        told={"operation": "npm.get_place", "status": 200, "path": SECRET},
        path=SECRET,
    )

    assert (told["operation"], told["status"]) == ("npm.get_place", 200)
    assert SECRET not in json.dumps(told)
    assert set(told) <= {"timestamp", "level", "logger", "part", "event", *FIELDS}


def test_a_line_written_while_a_request_is_answered_names_it() -> None:
    token = REQUEST.set(Concerned("8c2c1c0e-0000-4000-8000-000000000000", Trace("a" * 32, "b" * 16)))
    try:
        told = line("asyncpg", SECRET)
    finally:
        REQUEST.reset(token)

    assert (told["request_id"], told["trace_id"]) == ("8c2c1c0e-0000-4000-8000-000000000000", "a" * 32)


def test_a_long_sentence_is_cut() -> None:
    assert len(line("a22", "x" * 5_000)["event"]) == 500
