"""The routes of vocabularies: public. They are read from the committed documents, so they cannot differ from the API."""

import re
from functools import cache

from starlette.responses import Response

from gateway import documents
from gateway.own.vocabularies.schemas import Term, VocabularyNames, VocabularyShown
from shared.app import audience_router
from shared.errors import NotFound
from shared.http import JSON, etag_of

public = audience_router("public", "vocabularies")
ROUTERS = (public,)


@cache
def vocabularies() -> dict[str, VocabularyShown]:
    """Read every labelled enumeration of the committed documents, by its name in snake case."""
    found: dict[str, VocabularyShown] = {}
    for service in documents.SOURCES:
        for name, schema in documents.committed(f"services/{service}")["components"]["schemas"].items():
            labels = schema.get("x-enum-descriptions")
            if labels:
                snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
                terms = [Term(code=code, label=label) for code, label in labels.items()]
                found[snake] = VocabularyShown(name=snake, terms=terms)
    return dict(sorted(found.items()))


@public.get("", response_model=VocabularyNames)
async def show_vocabularies() -> Response:
    """Give the names of all vocabularies."""
    return Response(VocabularyNames(names=list(vocabularies())).model_dump_json(), media_type=JSON)


@public.get("/{name}", response_model=VocabularyShown)
async def get_vocabulary(name: str) -> Response:
    """Read one enumeration with its labels."""
    found = vocabularies().get(name)
    if found is None:
        raise NotFound
    body = found.model_dump_json().encode()
    return Response(body, headers={"ETag": etag_of(body), "Cache-Control": "public, max-age=3600"}, media_type=JSON)
