"""The project's source files, read and parsed once. Never imports them."""

import ast
from functools import cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple, Self

CHECKOUT = Path(__file__).resolve().parents[2]
PRODUCT = ("shared", "services", "gateway", "deploy")

#: Not ours, or not tracked: environments, caches, what a running system wrote.
UNTRACKED = {
    ".a22", ".git", ".hypothesis", ".import_linter_cache", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".venv",
    "__pycache__", "node_modules",
}  # fmt: skip


class Source(NamedTuple):
    """One Python file: its path in the project, its text, its tree."""

    path: PurePosixPath
    text: str
    tree: ast.Module

    @classmethod
    def of(cls, path: str, text: str) -> Self:
        """Parse `text` as the file at `path`."""
        return cls(PurePosixPath(path), text, ast.parse(text))

    @property
    def is_migration(self) -> bool:
        """Tell whether the file is a step of a database's history, or takes such steps."""
        return "migrations" in self.path.with_suffix("").parts


@cache
def product() -> tuple[Source, ...]:
    """Give all Python files of the product."""
    return _read(PRODUCT)


@cache
def suite() -> tuple[Source, ...]:
    """Give all Python files of the tests."""
    return _read(("tests",))


def tracked_files() -> list[Path]:
    """Give every file that is the project's own, by the folders it is not in; a plain copy has no git to ask."""
    return sorted(_walk(CHECKOUT))


def _read(folders: tuple[str, ...]) -> tuple[Source, ...]:
    paths = [path for folder in folders for path in sorted(_walk(CHECKOUT / folder)) if path.suffix == ".py"]
    return tuple(Source.of(path.relative_to(CHECKOUT).as_posix(), path.read_text(encoding="utf-8")) for path in paths)


def _walk(folder: Path) -> list[Path]:
    inside = [path for path in folder.iterdir() if path.name not in UNTRACKED]
    deeper = [found for path in inside if path.is_dir() and not path.is_symlink() for found in _walk(path)]
    return [path for path in inside if path.is_file()] + deeper
