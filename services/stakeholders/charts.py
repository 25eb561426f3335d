"""The stakeholder map as a chart: influence by openness, with the four quadrants, and its picture.

Knows names and figures only; whether somebody may see them was decided before.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

import altair
import vl_convert

#: Half way between the four steps of both scales.
MIDDLE = 2.5
_NAMES_SHOWN = 3


class Placed(NamedTuple):
    """An institution on the map."""

    name: str
    influence: int
    openness: int


class Corner(NamedTuple):
    """A quadrant of the map and what to do there."""

    label: str
    influence: float
    openness: float


def matrix_chart(placed: Iterable[Placed], corners: Iterable[Corner], *, title: str) -> dict[str, Any]:
    """Draw the map as a Vega-Lite chart: one circle for each pair of values, as large as institutions are many."""
    x = altair.X("openness:Q", title="Openness to dialogue").scale(domain=[0.5, 4.5], nice=False)
    y = altair.Y("influence:Q", title="Influence").scale(domain=[0.3, 4.5], nice=False)
    steps = altair.Axis(values=[1, 2, 3, 4], format="d", grid=False)
    cells = altair.Chart(altair.InlineData(values=_cells(placed))).encode(x=x.axis(steps), y=y.axis(steps))
    circles = cells.mark_circle(color="#1f5a7a", opacity=0.75).encode(
        size=altair.Size("count:Q", legend=None).scale(domain=[1, 10], range=[120, 900])
    )
    names = cells.mark_text(dy=16, baseline="top", lineBreak="\n", fontSize=11).encode(text="names:N")
    across = altair.Chart(altair.InlineData(values=[{"middle": MIDDLE}])).mark_rule(strokeDash=[5, 4], color="#888888")
    labels = altair.Chart(altair.InlineData(values=[corner._asdict() for corner in corners])).mark_text(
        fontSize=13, fontStyle="italic", color="#777777"
    )
    layers = altair.layer(
        across.encode(x="middle:Q"),
        across.encode(y="middle:Q"),
        labels.encode(x="openness:Q", y="influence:Q", text="label:N"),
        circles,
        names,
    )
    drawn: dict[str, Any] = layers.properties(width=860, height=640, title=title).to_dict()
    return drawn


def picture(chart: dict[str, Any]) -> bytes:
    """Render a chart as SVG, with everything it needs inside; nothing is fetched."""
    svg: str = vl_convert.vegalite_to_svg(chart, allowed_base_urls=[])
    return svg.encode()


def _cells(placed: Iterable[Placed]) -> list[dict[str, Any]]:
    together: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for each in placed:
        together[each.influence, each.openness].append(each.name)
    return [
        {"influence": influence, "openness": openness, "count": len(names), "names": _lines(sorted(names))}
        for (influence, openness), names in sorted(together.items())
    ]


def _lines(names: list[str]) -> str:
    more = [f"and {len(names) - _NAMES_SHOWN} more"] if len(names) > _NAMES_SHOWN else []
    return "\n".join([*names[:_NAMES_SHOWN], *more])
