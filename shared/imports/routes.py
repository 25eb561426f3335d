"""The routes of an import, alike for every kind: order it with a body of two types, and read its report in three.

What rows mean is the feature's; who may, the access table's.
"""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import TypeAdapter
from starlette.responses import Response

from shared import operations
from shared.http import JSON, NpmWork
from shared.imports import report as reports
from shared.imports import usecases, workbook
from shared.imports.envelope import ImportQuery, ImportReport
from shared.imports.kinds import ImportKind
from shared.imports.uploads import FILE, ROWS, Received
from shared.schemas import Filtered

_TEXT = "text/plain"
_OFFERED = (JSON, _TEXT, workbook.MEDIA_TYPE)
_ORDER = """{about}

Send rows of our own fields as JSON Lines, or somebody's file with a mapping. The answer is an operation; its result counts what became of the rows, and the report names every problem with its
line and column. A row is known by source and row id: sent again it changes nothing, or only what differs. Bad rows are
reported, the good ones are taken, unless all or nothing is asked for. A file is CSV, JSON Lines or XLSX, as its mapping
says; the mapping is named, or sent along. The file itself is not kept.
"""
_REPORT = """Read what became of the rows of an import of one's own: {name}.

As JSON, as text (one sentence for each problem, then the counts), or as a workbook with a comment on each bad cell.
"""


def mount(router: APIRouter, kind: ImportKind) -> None:
    """Add both routes of a kind to the router of its resource."""
    words = kind.operation.removeprefix("import_").replace("_", " ")

    async def order_import(upload: Received, work: NpmWork, query: Filtered[ImportQuery]) -> Response:
        operation_id = await work.once(_ordered, kind, upload, query)
        return operations.accepted(work, await operations.shown(work, operation_id))

    async def read_report(work: NpmWork, request: Request, operation_id: UUID) -> Response:
        return await _report(work, kind, operation_id, request.headers.get("accept", ""))

    router.add_api_route(
        "/imports", order_import, methods=["POST"], status_code=202, response_model=operations.Operation,
        name=kind.operation, description=_ORDER.format(about=kind.about.strip()), openapi_extra={"requestBody": _bodies(kind), "x-schemas": _row_schemas(kind)},
    )  # fmt: skip
    router.add_api_route(
        "/imports/{operation_id}/report", read_report, methods=["GET"], response_model=ImportReport,
        name=f"read_{kind.operation.removeprefix('import_')}_import", description=_REPORT.format(name=words),
        responses={200: {"content": {_TEXT: {"schema": {"type": "string"}}, workbook.MEDIA_TYPE: {"schema": _BINARY}}}},
    )  # fmt: skip


async def _ordered(work: NpmWork, kind: ImportKind, upload: Any, query: ImportQuery) -> UUID:
    return await usecases.order(work, kind, upload, query)


async def _report(work: NpmWork, kind: ImportKind, operation_id: UUID, accept: str) -> Response:
    report = await usecases.report(work, kind, operation_id)
    wanted = next((offered for offered in _OFFERED[1:] if offered in accept), JSON)
    headers = {"Cache-Control": "no-store"}
    if wanted == _TEXT:
        return Response(reports.as_text(report), headers=headers, media_type=_TEXT)
    if wanted == workbook.MEDIA_TYPE:
        headers["Content-Disposition"] = 'attachment; filename="problems.xlsx"'
        return Response(workbook.of_report(report), headers=headers, media_type=workbook.MEDIA_TYPE)
    return Response(report.model_dump_json(), headers=headers, media_type=JSON)


_BINARY = {"type": "string", "format": "binary"}


def _bodies(kind: ImportKind) -> dict[str, Any]:
    """Describe both bodies; the schema of a row stands in the document, as every schema does."""
    rows = {
        **_BINARY, "minLength": 1, "contentMediaType": ROWS,
        "contentSchema": {"type": "array", "items": {"$ref": f"#/components/schemas/{kind.row.__name__}"}},
    }  # fmt: skip
    parts = {
        "type": "object",
        "required": ["file"],
        "properties": {
            "file": {**_BINARY, "description": "The file as it is: CSV, JSON Lines or XLSX, at most 200 MB."},
            "mapping": {**_BINARY, "description": "A mapping file in YAML, unless one is named in the query."},
        },
        "additionalProperties": False,
    }
    return {"required": True, "content": {ROWS: {"schema": rows}, FILE: {"schema": parts}}}


def _row_schemas(kind: ImportKind) -> dict[str, Any]:
    """Give the schema of a row, and of what is in it, by name."""
    schema = TypeAdapter(kind.row).json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs", {}), kind.row.__name__: schema}
