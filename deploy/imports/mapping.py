"""The mapping file: how the columns of somebody's file become our fields, in words that need no programmer.

The README beside the mappings explains each word; here they are checked. A mapping never holds code.
"""

import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from deploy.imports import notations
from deploy.imports.problems import FileRefused

SHIPPED = Path(__file__).resolve().parents[1] / "mappings"
KINDS = ("places", "authorities", "complaints")
SOURCES = ("column", "constant", "join", "first", "gather", "object")

NAME = r"^[a-z0-9-]{1,50}$"


def _readable(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"a regular expression that can be read ({error})") from None
    return pattern


def _column_or_more(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


def _words_or_file(value: Any) -> Any:
    """Take the words themselves, or the name of a shipped file of them: somebody's codes and ours (`b1-themes`)."""
    if not isinstance(value, str):
        return value
    if not re.fullmatch(NAME, value) or not (path := SHIPPED / f"{value}.yaml").exists():
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
    separator: Annotated[str, Field(alias="with")] = " "
    read_as: Annotated[Literal["text", "whole", "number", "day", "yes_no"], Field(alias="as")] = "text"
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
        known = notations.is_day_notation if self.read_as == "day" else notations.is_number_notation
        strange = [notation for notation in self.notations if not known(notation)]
        if strange:
            raise ValueError(f"notations that are known; {', '.join(strange)} is none for {self.read_as}")
        return self

    @property
    def has_otherwise(self) -> bool:
        """Tell whether it is said what becomes of a value that a lookup or a pattern does not know."""
        return "otherwise" in self.model_fields_set

    def columns(self) -> list[str]:
        """Give the columns it reads, each once."""
        inner = [*(self.first or []), *(self.gather or []), *(self.object or {}).values()]
        named = [*([self.column] if self.column else []), *(self.join or []), *(each.column for each in self.when)]
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


class Mapping(Written):
    """A whole mapping file."""

    name: Annotated[str, Field(pattern=NAME)]
    about: str
    kind: Literal["places", "authorities", "complaints"]
    source: Annotated[str, Field(pattern=NAME)]
    file: str | None = None
    format: Literal["csv", "jsonl"]
    encoding: Literal["utf-8", "utf-16", "latin-1", "cp1252", "cp1251", "cp1256", "iso-8859-2", "iso-8859-15"] = "utf-8"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    missing: list[str] = []
    row: Source
    fields: dict[str, Source]
    note: dict[str, Source] = {}
    provenance: Provenance | None = None
    report_when: list[Rule] = []
    doubt_when: list[Rule] = []

    def columns(self) -> list[str]:
        """Give every column that the file must have."""
        values = [self.row, *self.fields.values(), *self.note.values()]
        named = [column for value in values for column in value.columns()]
        named += [column for rule in (*self.report_when, *self.doubt_when) for column in rule.columns()]
        return list(dict.fromkeys(named + (self.provenance.column_names() if self.provenance else [])))

    def columns_behind(self, pointer: str) -> str | None:
        """Give the columns behind a field of ours, for a problem that the API reports."""
        field = pointer.strip("/").partition("/")[0]
        value = self.row if field == "row" else self.fields.get(field)
        return ", ".join(value.columns()) or None if value else None


def shipped() -> dict[str, Path]:
    """Give the mappings that come with the project, by name."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.yaml")) if not path.stem.endswith("-themes")}


def load(named: str) -> Mapping:
    """Read a mapping by its name or its path; a mistake in it is told with its place in the file."""
    path = shipped().get(named, Path(named))
    try:
        written = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError:
        raise FileRefused("no_mapping", f"a mapping's name ({', '.join(shipped())}) or the path of one") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise FileRefused("bad_mapping", f"{path.name}: YAML in UTF-8 ({_where(error)})") from None
    if not isinstance(written, dict):
        raise FileRefused("bad_mapping", f"{path.name}: a mapping's keys and values")
    try:
        return Mapping.model_validate({"name": path.stem, **written})
    except ValidationError as error:
        raise FileRefused("bad_mapping", f"{path.name}: {_told(error)}") from None


def for_file(file: Path, kind: str) -> str | None:
    """Give the name of the one shipped mapping of this kind that is made for files of this name."""
    made = [mapping for mapping in map(load, shipped()) if mapping.file == file.name and mapping.kind == kind]
    return made[0].name if len(made) == 1 else None


def _where(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"line {mark.line + 1}" if mark else "not text"


def _told(error: ValidationError) -> str:
    told = (f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors(include_url=False))
    return "; ".join(told)
