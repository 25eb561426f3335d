"""Reads `issuers.yaml`. Whatever is wrong with it is one sentence that names entry and field, and nothing starts."""

from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from gateway.providers.configuration import Issuer, read_entry
from shared.settings import DATABASES, Settings

LARGEST_FILE = 200_000
MOST_ISSUERS = 50


class BadIssuers(Exception):
    """The file of identity providers cannot be followed; the text is for whoever wrote it."""


class _OnlyOnce(yaml.SafeLoader):
    """A safe loader that takes no key twice: the second would silently win, and with it other rights."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Build a mapping, or raise ConstructorError for a key that stands twice."""
        keys = [self.construct_object(key, deep=True) for key, _value in node.value]
        twice = sorted({str(key) for key in keys if keys.count(key) > 1})
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"{twice[0]} stands twice", node.start_mark)
        return super().construct_mapping(node, deep)


def read_issuers(settings: Settings) -> list[Issuer]:
    """Read the providers that the settings name; raises BadIssuers.

    Without a file there are none, which development takes and production does not: nobody could come in.
    """
    path = settings.issuers
    if not path.exists() and "issuers" not in settings.model_fields_set:
        if settings.is_production:
            raise BadIssuers(f"{path}: production needs an identity provider; issuers.example.yaml shows the form")
        return []
    entries = _listed(path)
    issuers = [_entry(path, place, each, settings) for place, each in enumerate(entries, start=1)]
    for place, each in enumerate(issuers, start=1):
        if each.issuer in _own(settings):
            raise BadIssuers(
                f"{_named(path, place, each.issuer)}, field issuer: this is an issuer of the system itself"
            )
        if any(other.issuer == each.issuer for other in issuers[: place - 1]):
            raise BadIssuers(f"{_named(path, place, each.issuer)}, field issuer: stands in an entry above too")
    return issuers


def _own(settings: Settings) -> set[str]:
    services = (f"{settings.base_url}/services/{service}" for service in DATABASES)
    return {settings.base_url, settings.development_issuer, settings.internal_issuer, *services}


def _listed(path: Path) -> list[Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise BadIssuers(f"{path}: there is no such file that can be read as text in UTF-8") from None
    if len(text) > LARGEST_FILE:
        raise BadIssuers(f"{path}: at most {LARGEST_FILE:,} characters")
    try:
        written = yaml.load(text, Loader=_OnlyOnce)  # noqa: S506 - a safe loader that is stricter still
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark, problem = getattr(error, "problem_mark", None), getattr(error, "problem", None)
        raise BadIssuers(f"{path}, line {mark.line + 1 if mark else 1}: {problem or 'this is not YAML'}") from None
    if not isinstance(written, list) or not 0 < len(written) <= MOST_ISSUERS:
        raise BadIssuers(f"{path}: a list of at least one and at most {MOST_ISSUERS} issuers")
    return written


def _named(path: Path, place: int, issuer: object) -> str:
    return f"{path}, entry {place} ({issuer})" if isinstance(issuer, str) else f"{path}, entry {place}"


def _entry(path: Path, place: int, written: Any, settings: Settings) -> Issuer:
    try:
        return read_entry(written, is_production=settings.is_production)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
    named = _named(path, place, written.get("issuer") if isinstance(written, dict) else None)
    field = ".".join(str(part) for part in first["loc"] if part != "[key]")
    said = {"missing": "is missing", "extra_forbidden": "there is no such field"}.get(first["type"])
    said = said or first["msg"].removeprefix("Value error, ")
    if not field and first["type"] != "value_error":
        raise BadIssuers(f"{named}: {said}")
    # a rule over several fields names the one itself
    raise BadIssuers(f"{named}, field {field}: {said}" if field else f"{named}, field {said}")
