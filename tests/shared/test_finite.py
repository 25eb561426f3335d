"""No day or instant that is taken stands for endless time in the database, in any request model there is."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import Field, ValidationError

from deploy.assembly import service_documents
from shared.schemas import Sent
from shared.settings import Settings

_BOUNDS: dict[str, tuple[date, date]] = {
    "date": (date.min, date.max),
    "datetime": (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)),
}


class Visited(Sent):
    """A model of the test's own."""

    on: date
    days: list[date] = Field(default_factory=list)
    at: datetime | None = None


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_there_is_are_refused(day: str) -> None:
    for body in (f'{{"on":"{day}"}}', f'{{"on":"2026-01-01","days":["{day}"]}}'):
        with pytest.raises(ValidationError, match=r"Input should be (greater|less) than"):
            Visited.model_validate_json(body)

    assert Visited.model_validate_json('{"on":"0001-01-02","days":["9999-12-30"]}').on == date(1, 1, 2)


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"])
def test_so_are_the_instants(instant: str) -> None:
    with pytest.raises(ValidationError, match=r"Input should be (greater|less) than"):
        Visited.model_validate_json(f'{{"on":"2026-01-01","at":"{instant}"}}')


def test_every_request_model_is_bounded(settings: Settings) -> None:
    # every service is imported, and every route declared
    assert service_documents(settings)

    unbounded = [
        model.__name__
        for model in _all(Sent)
        for part in _parts(model.__pydantic_core_schema__)
        if not (part.get("gt", part.get("ge")) and part.get("lt", part.get("le")))
    ]
    with_days = [model for model in _all(Sent) if any(_parts(model.__pydantic_core_schema__))]

    assert unbounded == []
    assert len(with_days) > 40


def _all(model: type[Sent]) -> Iterator[type[Sent]]:
    for each in model.__subclasses__():
        yield each
        yield from _all(each)


def _parts(schema: Any) -> Iterator[dict[str, Any]]:
    for part in schema.values() if isinstance(schema, dict) else schema:
        if isinstance(part, dict | list):
            yield from _parts(part)
    if isinstance(schema, dict) and isinstance(schema.get("type"), str) and schema["type"] in _BOUNDS:
        yield schema
