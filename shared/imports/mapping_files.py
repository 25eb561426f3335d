"""Reads mapping files: those that lie in a folder by name, somebody's own by its path or its text; a mistake is told with its place."""

import re
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from shared.imports.mapping import Mapping
from shared.imports.problems import FileRefused

MOST_CHARACTERS = 200_000
MOST_PARTS = 50_000


def shipped(folder: Path) -> dict[str, Path]:
    """Give the mappings that lie in a folder, by name; theme maps lie beside them."""
    return {path.stem: path for path in sorted(folder.glob("*.yaml")) if not path.stem.endswith("-themes")}


def load(named: str, folder: Path) -> Mapping:
    """Read a mapping by its name in the folder or by its path; a mistake in it is told with its place in the file."""
    known = shipped(folder)
    path = known.get(named, Path(named))
    try:
        written = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise FileRefused("bad_mapping", f"{path.name}: YAML in UTF-8 (not text)") from None
    except (OSError, ValueError):
        near = get_close_matches(Path(named).stem, known, n=1)
        meant = f"; did you mean {near[0]}?" if near else ""
        looked = f"there is no file {path.absolute()} that can be read{meant}"
        raise FileRefused("no_mapping", f"a mapping: {looked} Shipped ones: {', '.join(known)}") from None
    return read(written, path.name, folder)


def read(written: str, file: str, folder: Path | None = None) -> Mapping:
    """Read the text of a mapping file; FileRefused tells a mistake with its place. Files of words lie in `folder`."""
    if len(written) > MOST_CHARACTERS:
        raise FileRefused("bad_mapping", f"{file}: at most {MOST_CHARACTERS:,} characters")
    try:
        told = yaml.load(written, Loader=_Plain)  # noqa: S506 - a safe loader that is stricter still
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise FileRefused("bad_mapping", f"{file}: YAML in UTF-8 ({_where(error)})") from None
    if _unfolded(told, {}) > MOST_PARTS:
        raise FileRefused("bad_mapping", f"{file}: at most {MOST_PARTS:,} words and values, anchors unfolded")
    if not isinstance(told, dict):
        raise FileRefused("bad_mapping", f"{file}: a mapping's keys and values")
    try:
        return Mapping.model_validate({"name": Path(file).stem, **told}, context={"folder": folder})
    except (ValidationError, RecursionError) as error:
        raise FileRefused("bad_mapping", f"{file}: {_told(error)}") from None


def _unfolded(part: Any, known: dict[int, int]) -> int:
    """Count the parts with every anchor unfolded: a few lines of them can come to more than the memory holds."""
    if not isinstance(part, dict | list):
        return 1
    if id(part) not in known:
        # one that holds itself has no end
        known[id(part)] = MOST_PARTS + 1
        inner = part.values() if isinstance(part, dict) else part
        known[id(part)] = 1 + sum(_unfolded(each, known) for each in inner)
    return known[id(part)]


class _Plain(yaml.SafeLoader):
    """A safe loader in which yes, no, on and off are words: a lookup of Yes and a field named on mean what they say."""


_BOOLEAN = "tag:yaml.org,2002:bool"
_Plain.yaml_implicit_resolvers = {
    letter: [each for each in known if each[0] != _BOOLEAN]
    for letter, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Plain.add_implicit_resolver(_BOOLEAN, re.compile(r"true|True|TRUE|false|False|FALSE"), list("tTfF"))


def for_file(file: Path, kind: str, folder: Path) -> str | None:
    """Give the name of the one shipped mapping of this kind that is made for files of this name."""
    made = [
        each for each in (load(name, folder) for name in shipped(folder)) if (each.file, each.kind) == (file.name, kind)
    ]
    return made[0].name if len(made) == 1 else None


def _where(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"line {mark.line + 1}" if mark else "not text"


def _told(error: ValidationError | RecursionError) -> str:
    if isinstance(error, RecursionError):
        return "less depth"
    told = (f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors(include_url=False)[:20])
    return "; ".join(told)
