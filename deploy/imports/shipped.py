"""The mapping files that come with the project, in the folder that the settings name."""

from pathlib import Path

from shared.imports import mapping_files
from shared.imports.mapping import Mapping
from shared.settings import Settings

FOLDER = Settings().mappings


def names() -> list[str]:
    """Give the names of the shipped mappings."""
    return list(mapping_files.shipped(FOLDER))


def load(named: str) -> Mapping:
    """Read a shipped mapping by its name, or somebody's own by its path; FileRefused tells a mistake with its place."""
    return mapping_files.load(named, FOLDER)


def for_file(file: Path, kind: str) -> str | None:
    """Give the name of the one shipped mapping of this kind that is made for files of this name."""
    return mapping_files.for_file(file, kind, FOLDER)
