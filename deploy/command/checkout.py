"""Where the checkout is, where may be written, and the environment of the tools. Never writes anything itself."""

import os
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def home() -> Path:
    """Give the folder for everything that is written; the `a22` script names it, and it is the checkout where that can be written."""
    return Path(os.environ.get("A22_HOME") or CHECKOUT)


def environment() -> dict[str, str]:
    """Give the environment of a tool: modules from the checkout, caches in `home()`."""
    return {
        **os.environ,
        "PYTHONPATH": str(CHECKOUT),
        "RUFF_CACHE_DIR": str(home() / ".ruff_cache"),
        "MYPY_CACHE_DIR": str(home() / ".mypy_cache"),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(home() / ".hypothesis"),
    }


def python(*arguments: str) -> list[str]:
    """Give the command line of this Python with `arguments`."""
    return [sys.executable, *arguments]


def pytest(*arguments: str) -> list[str]:
    """Give the command line of pytest with `arguments`."""
    return python("-m", "pytest", "-o", f"cache_dir={home() / '.pytest_cache'}", *arguments)
