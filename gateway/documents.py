"""The audience documents, made from the services' documents; and the committed files they are kept in.

Nothing builds a document when the system starts: the route table is read from the committed files.
"""

import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from shared.openapi import METHODS, base_document

FOLDER = Path(__file__).with_name("openapi")
AUDIENCES = ("npm", "expert", "authority", "partner", "public")
SOURCES = ("visits", "recommendations", "complaints", "stakeholders", "gateway")

_ABOUT = {
    "npm": "What a National Preventive Mechanism works with: places, visits, reports, recommendations, complaints, stakeholders.",
    "expert": "What an external expert on assignment works with: the visits, reports and drafts of the own assignments.",
    "authority": "What an authority works with: the reports and recommendations addressed to it, and its answers.",
    "partner": "What a partner body works with: what it sends in, and what is shared with it under an agreement.",
    "public": "What anybody may read: the published part.",
}
_TITLES = {"npm": "Article 22 for the NPM", "expert": "Article 22 for experts", "authority": "Article 22 for authorities",
           "partner": "Article 22 for partners", "public": "Article 22 for the public"}  # fmt: skip


class Clash(ValueError):
    """Two services say different things under one name."""


def merged(documents: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Put the services' documents together; one path twice or two different things of one name raise Clash."""
    whole: dict[str, Any] = {"paths": {}, "components": {}}
    for document in documents:
        for path, item in document["paths"].items():
            if path in whole["paths"]:
                raise Clash(f"{path} stands in two services")
            whole["paths"][path] = item
        for kind, named in document["components"].items():
            for name, component in named.items():
                known = whole["components"].setdefault(kind, {}).setdefault(name, component)
                if known != component:
                    raise Clash(f"two different {kind} are called {name}")
    return whole


def for_audience(whole: Mapping[str, Any], audience: str) -> dict[str, Any]:
    """Keep one audience's paths and what they refer to; drop the audience's own name from ids and schemas."""
    prefix = f"/v1/{audience}/"
    paths = {
        path.removeprefix("/v1"): deepcopy(item)
        for path, item in sorted(whole["paths"].items())
        if path.startswith(prefix) and not _is_inside(item)
    }
    tags: set[str] = set()
    for item in paths.values():
        for method in METHODS:
            if method in item:
                item[method]["operationId"] = item[method]["operationId"].removeprefix(f"{audience}_")
                tags.update(item[method]["tags"])
    components = _reached(paths, whole["components"])
    is_secured = any(item[method]["security"] for item in paths.values() for method in METHODS if method in item)
    components["securitySchemes"] = whole["components"]["securitySchemes"] if is_secured else {}
    document = {
        "openapi": "3.1.0",
        "info": base_document(_TITLES[audience], _ABOUT[audience]),
        "servers": [
            {"url": "/v1", "description": "This installation (production or development)", "x-internal": False}
        ],
        "tags": [{"name": tag, "description": f"Everything about {tag.replace('-', ' ')}."} for tag in sorted(tags)],
        "paths": paths,
        "components": {kind: dict(sorted(named.items())) for kind, named in components.items() if named},
    }
    return _renamed(document, audience)


def _is_inside(item: Mapping[str, Any]) -> bool:
    return any(item[method]["x-access"].get("inside", False) for method in METHODS if method in item)


def _reached(paths: Mapping[str, Any], components: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    waiting = list(_references(paths))
    while waiting:
        kind, name = waiting.pop()
        if name not in found.setdefault(kind, {}):
            found[kind][name] = deepcopy(components[kind][name])
            waiting += _references(found[kind][name])
    return found


def _references(node: Any) -> Iterable[tuple[str, str]]:
    if isinstance(node, dict):
        for name, value in node.items():
            if name == "$ref" and isinstance(value, str):
                _, _, kind, referred = value.split("/", 3)
                yield kind, referred
            elif name == "mapping" and isinstance(value, dict):
                yield from (
                    (each.split("/")[2], each.split("/")[3]) for each in value.values() if str(each).startswith("#/")
                )
            else:
                yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _renamed(document: dict[str, Any], audience: str) -> dict[str, Any]:
    schemas = document["components"].get("schemas", {})
    word = audience.capitalize()
    names = {name: name.removeprefix(word) for name in schemas if name.startswith(word) and name != word}
    for name, short in names.items():
        if short in schemas:
            raise Clash(f"{name} and {short} would have one name for {audience}")
    text = json.dumps(document)
    for name, short in sorted(names.items(), key=lambda pair: -len(pair[0])):
        text = text.replace(f'"#/components/schemas/{name}"', f'"#/components/schemas/{short}"')
    document = json.loads(text)
    if names:
        kept = document["components"]["schemas"]
        document["components"]["schemas"] = dict(
            sorted((names.get(name, name), schema) for name, schema in kept.items())
        )
    for item in document["paths"].values():
        for method in METHODS:
            access = item.get(method, {}).get("x-access", {})
            for part in ("request", "response"):
                if part in access:
                    access[part] = names.get(access[part], access[part])
    return document


def committed(name: str) -> dict[str, Any]:
    """Read a committed document: an audience, or `services/<service>`."""
    read: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return read


def written(document: Mapping[str, Any]) -> str:
    """Give the text in which a document is kept."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def write_all(folder: Path, services: Mapping[str, Mapping[str, Any]]) -> None:
    """Write the services' documents and the five audience documents into a folder."""
    (folder / "services").mkdir(parents=True, exist_ok=True)
    for name, document in services.items():
        (folder / "services" / f"{name}.json").write_text(written(document), encoding="utf-8")
    whole = merged(services.values())
    for audience in AUDIENCES:
        (folder / f"{audience}.json").write_text(written(for_audience(whole, audience)), encoding="utf-8")
