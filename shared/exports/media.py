"""Which form of a list is asked for: content negotiation over the Accept header (RFC 9110 §12.5.1). Pure.

It knows no caller; who may have a form is judged in `shared.access`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.request import parse_http_list

from python_multipart.multipart import parse_options_header

from shared.errors import NotAcceptable

_TYPE = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_QUALITY = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")


class Format(StrEnum):
    """The formats that a list is exported in; the value ends the name of the file."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"


MEDIA_TYPES = {
    Format.CSV: "text/csv",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.JSONL: "application/jsonl",
}


@dataclass(frozen=True)
class Form:
    """A form of a list as a file; a CSV may begin with a byte order mark, which Excel needs to read it as UTF-8."""

    format: Format
    has_mark: bool = False

    @property
    def content_type(self) -> str:
        """Give the media type with its parameters."""
        parameters = "; charset=utf-8; header=present" if self.format is Format.CSV else ""
        return MEDIA_TYPES[self.format] + parameters


#: In the order of the server's preference; None is the page of JSON.
_PLAIN: tuple[Form | None, ...] = (None,)
_FORMS = (*_PLAIN, Form(Format.CSV), Form(Format.CSV, has_mark=True), Form(Format.XLSX), Form(Format.JSONL))


@dataclass(frozen=True)
class _Range:
    """One media range of an Accept header: `text/csv;bom=true;q=0.5`."""

    type: str
    parameters: tuple[tuple[str, str], ...]
    quality: float

    def fits(self, form: Form | None) -> bool:
        """Tell whether the range takes a form; a parameter that means nothing here is passed over."""
        offered = "application/json" if form is None else MEDIA_TYPES[form.format]
        if self.type not in ("*/*", offered) and self.type != f"{offered.partition('/')[0]}/*":
            return False
        known = {"charset": "utf-8"}
        if form is not None and form.format is Format.CSV:
            known |= {"header": "present", "bom": "true" if form.has_mark else "false"}
        return all(known.get(name, value) == value for name, value in self.parameters)

    @property
    def precision(self) -> int:
        """Order ranges from `*/*` to a type with parameters."""
        return 0 if self.type == "*/*" else 1 if self.type.endswith("/*") else 2 + len(self.parameters)


def asked(accept: bytes | None, *, is_exported: bool) -> Form | None:
    """Give the form that an Accept header asks for, or None for a page of JSON.

    A header without a range that can be read asks for nothing in particular. NotAcceptable when no form fits.
    """
    ranges = _ranges((accept or b"").decode("latin-1"))
    if not ranges:
        return None
    best, best_quality = None, 0.0
    for form in _FORMS if is_exported else _PLAIN:
        fitting = [each for each in ranges if each.fits(form)]
        quality = max(fitting, key=lambda each: each.precision).quality if fitting else 0.0
        if quality > best_quality:
            best, best_quality = form, quality
    if not best_quality:
        raise NotAcceptable
    return best


def _ranges(accept: str) -> list[_Range]:
    read = (_range(each) for each in parse_http_list(accept))
    return [each for each in read if each is not None]


def _range(written: str) -> _Range | None:
    kind, options = parse_options_header(written)
    parameters = {name.decode("latin-1").lower(): value.decode("latin-1").lower() for name, value in options.items()}
    quality = parameters.pop("q", "1")
    named = kind.decode("latin-1").strip()
    if not _TYPE.fullmatch(named) or not _QUALITY.fullmatch(quality):
        return None
    return _Range(named.lower(), tuple(parameters.items()), float(quality))
