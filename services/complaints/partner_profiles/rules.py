"""Reading a partner's codes: themes by its map, nothing by resemblance. Pure: no database, no HTTP, no clock."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

IGNORE = "ignore"


class ThemesRead(NamedTuple):
    """The themes behind a partner's codes, and the codes that nobody has mapped yet."""

    themes: tuple[str, ...]
    unmapped: tuple[str, ...]

    @property
    def are_resolved(self) -> bool:
        """Tell whether every code is known and at least one theme is left."""
        return bool(self.themes) and not self.unmapped


def read_themes(codes: Sequence[str], theme_map: Collection[Mapping[str, Any]]) -> ThemesRead:
    """Read codes by the map, in their order; `ignore` drops a code, an unknown one waits for a person."""
    known = {each["code"]: each["theme"] for each in theme_map}
    found = dict.fromkeys(known[code] for code in codes if known.get(code, IGNORE) != IGNORE)
    return ThemesRead(tuple(found), tuple(dict.fromkeys(code for code in codes if code not in known)))


def with_mapped(theme_map: Collection[Mapping[str, Any]], added: Collection[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give the map with new lines in it; a code that was there gets its new meaning."""
    merged = {each["code"]: dict(each) for each in (*theme_map, *added)}
    return [merged[code] for code in sorted(merged)]
