"""The dashboard as a chart that explains itself: status by authority. It draws what it is given and counts nothing."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import altair
import vl_convert

from services.recommendations.recommendations.rules import ImplementationStatus

#: Order and colour of the bars: from done to worse, in colours that people with colour blindness tell apart.
_COLOURS = {
    ImplementationStatus.IMPLEMENTED.label: "#00694f",
    ImplementationStatus.PARTIALLY_IMPLEMENTED.label: "#56b4e9",
    ImplementationStatus.IN_PROGRESS.label: "#0072b2",
    ImplementationStatus.NOT_STARTED.label: "#f0e442",
    ImplementationStatus.NOT_IMPLEMENTED.label: "#d55e00",
    ImplementationStatus.REGRESSED.label: "#8b1a1a",
    ImplementationStatus.NOT_ASSESSABLE.label: "#999999",
    ImplementationStatus.NO_LONGER_APPLICABLE.label: "#cccccc",
    "Not assessed yet": "#e8e4da",
}
_LABELS = {status.value: status.label for status in ImplementationStatus} | {"unassessed": "Not assessed yet"}
_MOST_AUTHORITIES = 25


def chart(rows: Sequence[Mapping[str, Any]], as_of: date) -> dict[str, Any]:
    """Write the Vega-Lite specification of the chart."""
    totals: dict[str, int] = {}
    for row in rows:
        totals[row["authority"]] = totals.get(row["authority"], 0) + row["recommendations"]
    shown = sorted(totals, key=lambda name: (-totals[name], name))[:_MOST_AUTHORITIES]
    order = list(_COLOURS)
    values = [
        {
            "authority": row["authority"],
            "status": _LABELS[row["status"]],
            "recommendations": row["recommendations"],
            "order": order.index(_LABELS[row["status"]]),
        }
        for row in rows
        if row["authority"] in shown
    ]
    bars = (
        altair.Chart(altair.InlineData(values=values))
        .mark_bar()
        .encode(
            x=altair.X("sum(recommendations):Q", title="Recommendations", axis=altair.Axis(tickMinStep=1)),
            y=altair.Y("authority:N", title=None, sort=shown, axis=altair.Axis(labelLimit=320)),
            color=altair.Color(
                "status:N",
                title="Finding of the NPM",
                sort=order,
                scale=altair.Scale(domain=order, range=list(_COLOURS.values())),
            ),
            order=altair.Order("order:Q"),
            tooltip=[altair.Tooltip("authority:N"), altair.Tooltip("status:N"), altair.Tooltip("recommendations:Q")],
        )
        .properties(title=_title(as_of, len(totals) - len(shown)), width=560, height=altair.Step(28))
        .configure_axis(labelFontSize=13, titleFontSize=13)
        .configure_legend(labelFontSize=12, titleFontSize=12)
        .configure_title(fontSize=17, subtitleFontSize=12, anchor="start", offset=14)
    )
    specification: dict[str, Any] = bars.to_dict()
    return specification


def _title(as_of: date, left_out: int) -> altair.TitleParams:
    told = [f"By addressee, as of {as_of}. Findings of the NPM, not claims of the authorities."]
    if left_out:
        told.append(f"{left_out} addressees with fewer recommendations are not shown.")
    return altair.TitleParams("What became of the recommendations", subtitle=told)


def picture(specification: Mapping[str, Any]) -> str:
    """Draw a specification as SVG; takes a tenth of a second, so not in the event loop."""
    drawn: str = vl_convert.vegalite_to_svg(dict(specification))
    return drawn
