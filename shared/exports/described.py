"""How a document describes the forms of an exported list. Derived from the access table by `shared.openapi`; no route says it."""

from typing import Any

from shared.exports.media import MEDIA_TYPES, Format

EXPORTED: dict[str, Any] = {
    MEDIA_TYPES[Format.CSV]: {
        "schema": {
            "type": "string",
            "description": "The whole list, one record for each item: UTF-8, a header, CR LF. `text/csv; bom=true` begins with a "
            "byte order mark, as Excel needs it. A text that a spreadsheet would take for a formula has an apostrophe before it.",
        }
    },
    MEDIA_TYPES[Format.XLSX]: {
        "schema": {
            "type": "string",
            "format": "binary",
            "description": "The whole list as one sheet, one row for each item.",
        }
    },
    MEDIA_TYPES[Format.JSONL]: {
        "schema": {"type": "string", "description": "The whole list, each item as JSON on a line of its own."}
    },
}
