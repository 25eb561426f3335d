"""The mapping file: how the columns of somebody's file become our fields, in words that need no programmer.

The README beside the mappings explains each word; here they are checked. A mapping never holds code.
"""

import json
import re
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    model_validator,
)

from shared.imports import notations

#: What can be imported; a kind is the word in the path of its route, `/v1/npm/<kind>/imports`.
KINDS = (
    "places", "place-aliases", "authorities", "persons", "mous", "experts", "accreditations", "visits", "recommendations",
    "complaints",
)  # fmt: skip
SOURCES = ("column", "constant", "join", "first", "gather", "object", "fingerprint")

NAME = r"^[a-z0-9-]{1,50}$"


def _readable(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"a regular expression that can be read ({error})") from None
    return pattern


def _known_kind(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"one of {', '.join(KINDS)}")
    return kind


def _column_or_more(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


def _words_or_file(value: Any, asked: ValidationInfo) -> Any:
    """Take the words themselves, or the name of a shipped file of them: somebody's codes and ours (`b1-themes`)."""
    if not isinstance(value, str):
        return value
    folder = (asked.context or {}).get("folder")
    path = folder / f"{value}.yaml" if folder and re.fullmatch(NAME, value) else None
    if path is None or not path.exists():
        raise ValueError("words and what they mean, or the name of a shipped file of them")
    return {str(code): meaning for code, meaning in yaml.safe_load(path.read_text(encoding="utf-8")).items()}


def _list(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Pattern = Annotated[str, AfterValidator(_readable)]


class Written(BaseModel):
    """Base of all parts: a word that is not known is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Match(Written):
    """A pattern, and what a text that holds it gives."""

    matches: Pattern
    gives: Any


class Condition(Written):
    """What a row must look like; everything said must hold."""

    column: str
    equals: Annotated[list[str] | None, BeforeValidator(_list), Field(alias="is")] = None
    matches: Pattern | None = None
    unless: Pattern | None = None
    missing: bool | None = None


class Value(Written):
    """Where a field's value comes from, and what is done with it; a bare word is a column."""

    column: str | None = None
    constant: Any = None
    join: list[str] | None = None
    first: "list[Source] | None" = None
    gather: "list[Source] | None" = None
    object: "dict[str, Source] | None" = None
    required: list[str] = []
    fingerprint: list[str] | None = None
    split: Annotated[str, Field(min_length=1)] | None = None
    separator: Annotated[str, Field(alias="with")] = " "
    read_as: Annotated[Literal["text", "written", "whole", "number", "day", "days", "yes_no"], Field(alias="as")] = (
        "text"
    )
    notations: list[str] = []
    after: str | None = None
    keep: Pattern | None = None
    lookup: Annotated[dict[str, Any] | None, BeforeValidator(_words_or_file)] = None
    patterns: list[Match] | None = None
    otherwise: Any = None
    default: Any = None
    when: list[Condition] = []

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        named = [name for name in SOURCES if name in self.model_fields_set]
        if len(named) != 1:
            raise ValueError(f"exactly one of {', '.join(SOURCES)}")
        return self

    @model_validator(mode="after")
    def _knows_its_notations(self) -> Self:
        known = notations.is_day_notation if self.read_as in ("day", "days") else notations.is_number_notation
        strange = [notation for notation in self.notations if not known(notation)]
        if strange:
            raise ValueError(f"notations that are known; {', '.join(strange)} is none for {self.read_as}")
        return self

    @property
    def has_otherwise(self) -> bool:
        """Tell whether it is said what becomes of a value that a lookup or a pattern does not know."""
        return "otherwise" in self.model_fields_set

    def _inner(self) -> "list[Value]":
        return [*(self.first or []), *(self.gather or []), *(self.object or {}).values()]

    def made_from(self, column: str) -> "list[Value]":
        """Give itself and what is inside it, where these are made from a column itself."""
        own = [self] if column in (self.column, *(self.join or ())) else []
        return [*own, *(each for value in self._inner() for each in value.made_from(column))]

    def columns(self) -> list[str]:
        """Give the columns it reads, each once."""
        inner = self._inner()
        named = [*([self.column] if self.column else []), *(self.join or []), *(self.fingerprint or [])]
        named += [*(each.column for each in self.when)]
        return list(dict.fromkeys([*named, *(column for value in inner for column in value.columns())]))


Source = Annotated[Value, BeforeValidator(_column_or_more)]
Value.model_rebuild()


class Rule(Condition):
    """A condition with the reason for what then happens to the row."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]
    also: list[Condition] = []

    def columns(self) -> list[str]:
        """Give the columns it reads."""
        return [self.column, *(condition.column for condition in self.also)]


class Provenance(Written):
    """Columns that go into the note each with its companions, such as how many sources agree."""

    columns: list[str]
    parts: dict[str, str]

    def column_names(self) -> list[str]:
        """Give the columns it reads."""
        return [part.replace("{}", column) for column in self.columns for part in self.parts.values()]


class Told(Written):
    """What people are told of a column when they are given an empty workbook to fill in."""

    about: Annotated[str, Field(min_length=1, max_length=500)]
    example: Annotated[str, Field(max_length=200)] | None = None


class Mapping(Written):
    """A whole mapping file."""

    name: Annotated[str, Field(pattern=NAME)]
    about: str
    kind: Annotated[str, AfterValidator(_known_kind)]
    source: Annotated[str, Field(pattern=NAME)]
    file: str | None = None
    format: Literal["csv", "jsonl", "xlsx", "export"]
    sheet: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    header_row: Annotated[int, Field(ge=1, le=1000)] = 1
    encoding: Literal["utf-8", "utf-16", "latin-1", "cp1252", "cp1251", "cp1256", "iso-8859-2", "iso-8859-15"] = "utf-8"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    missing: list[str] = []
    row: Source
    twins: Literal["refused", "numbered"] = "refused"
    fields: dict[str, Source]
    note: dict[str, Source] = {}
    provenance: Provenance | None = None
    report_when: list[Rule] = []
    doubt_when: list[Rule] = []
    review_when: list[Rule] = []
    template: dict[str, Told] = {}

    @model_validator(mode="after")
    def _only_places_are_reviewed(self) -> Self:
        if self.review_when and self.kind != "places":
            raise ValueError("review_when is for places")
        return self

    def columns(self) -> list[str]:
        """Give every column that the file must have."""
        values = [self.row, *self.fields.values(), *self.note.values()]
        named = [column for value in values for column in value.columns()]
        named += [column for rule in self._rules() for column in rule.columns()]
        return list(dict.fromkeys(named + (self.provenance.column_names() if self.provenance else [])))

    def values_of(self, column: str) -> "list[Value]":
        """Give every value that is made from a column itself."""
        return [
            each for value in (self.row, *self.fields.values(), *self.note.values()) for each in value.made_from(column)
        ]

    def written(self) -> str:
        """Write it down so that it can be read again; JSON is YAML too."""
        return json.dumps(self.model_dump(mode="json", by_alias=True, exclude_unset=True), ensure_ascii=False)

    def _rules(self) -> list[Rule]:
        return [*self.report_when, *self.doubt_when, *self.review_when]

    def columns_behind(self, pointer: str) -> str | None:
        """Give the columns behind a field of ours, for a problem that the API reports."""
        field = pointer.strip("/").partition("/")[0]
        value = self.row if field == "row" else self.fields.get(field)
        return ", ".join(value.columns()) or None if value else None
