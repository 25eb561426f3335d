"""What of a report goes out: the parts that are frozen for a recipient, and who may fix the text.

Pure: no database, no HTTP, no clock. The confidential annex is never among what is frozen.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from services.visits.reports.rules.status import ReportAction, ReportStatus
from shared.workflow import Vocabulary

#: States in which the text is still being written.
WRITABLE = frozenset({ReportStatus.DRAFTING, ReportStatus.INTERNAL_REVIEW})
#: States in which the working draft may be read by the experts who were asked for a comment.
COMMENTABLE = frozenset(
    {
        ReportStatus.DRAFTING,
        ReportStatus.INTERNAL_REVIEW,
        ReportStatus.CLEARED,
        ReportStatus.WITH_AUTHORITIES,
        ReportStatus.CORRECTIONS_REVIEW,
    }
)
#: States in which an authority's correction can change a fact item.
CORRECTABLE = frozenset({ReportStatus.WITH_AUTHORITIES, ReportStatus.CORRECTIONS_REVIEW})


#: Acts that other services may know of; what happens to a draft stays inside.
LEAVING = frozenset(
    {
        ReportAction.APPROVE,
        ReportAction.WITHDRAW_APPROVAL,
        ReportAction.TRANSMIT,
        ReportAction.PUBLISH,
        ReportAction.WITHHOLD,
        ReportAction.PROLONG,
        ReportAction.RETRACT,
        ReportAction.CORRECT,
    }
)


class ReportStage(Vocabulary):
    """What an authority holds: a draft for its facts, or the final report."""

    DRAFT = "draft", "Draft, confidential: for the correction of facts only"
    FINAL = "final", "Final"


def holds_restricted(sections: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a section of the text is marked as identifying a person (RES)."""
    return any(section["holds_restricted"] for section in sections)


def frozen_sections(sections: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give the text as it goes out: without authors, and without a section that identifies a person."""
    return [
        {"id": section["id"], "heading": section["heading"], "text": section["text"]}
        for section in sections
        if not section["holds_restricted"]
    ]


def is_second_person(person: str, others: Collection[str]) -> bool:
    """Whether somebody else than those who wrote approves: nobody approves the own draft alone (R-V97)."""
    return bool(person) and person not in others
