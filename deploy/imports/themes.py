"""Reads a theme map: a partner's own codes and the themes of ours behind them. A code that is not there stays unmapped."""

from pathlib import Path

import yaml

from deploy.imports.shipped import FOLDER
from shared.imports.problems import FileRefused
from shared.themes import THEMES


def load(named: str) -> dict[str, str]:
    """Give theme by code of a shipped map (`b1-themes`) or of a file; a theme that we do not have is a mistake."""
    path = FOLDER / f"{named}.yaml"
    path = path if path.exists() else Path(named)
    try:
        written = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        raise FileRefused("bad_theme_map", "a theme map in YAML: code: theme") from None
    if not isinstance(written, dict):
        raise FileRefused("bad_theme_map", "a theme map in YAML: code: theme")
    strange = sorted({str(theme) for theme in written.values()} - set(THEMES))
    if strange:
        raise FileRefused("bad_theme_map", f"themes that there are; {strange[0]} is none")
    return {str(code): str(theme) for code, theme in written.items()}
