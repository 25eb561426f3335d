"""The kinds and states of a report and of its outsiders' parts."""

from itertools import product

import pytest

from services.visits.reports.rules.status import (
    DRAFT_TRANSMISSION,
    FACTUAL_CORRECTION,
    REPORT,
    REPORT_COMMENT,
    CommentAction,
    CommentKind,
    CommentStatus,
    CorrectionAction,
    CorrectionStatus,
    FactSource,
    ReportAction,
    ReportKind,
    ReportStatus,
    SnapshotPurpose,
    TransmissionAction,
    TransmissionStatus,
)
from tests.architecture import declared


@pytest.mark.parametrize(("status", "action"), list(product(ReportStatus, ReportAction)))
def test_every_act_on_a_report_leads_where_declared(status: ReportStatus, action: ReportAction) -> None:
    assert declared.reached(REPORT, status, action) == declared.target("report", status, action)


@pytest.mark.parametrize(("status", "action"), list(product(TransmissionStatus, TransmissionAction)))
def test_every_act_on_a_sent_draft_leads_where_declared(status: TransmissionStatus, action: TransmissionAction) -> None:
    assert declared.reached(DRAFT_TRANSMISSION, status, action) == declared.target("draft_transmission", status, action)


@pytest.mark.parametrize(("status", "action"), list(product(CorrectionStatus, CorrectionAction)))
def test_every_act_on_a_correction_leads_where_declared(status: CorrectionStatus, action: CorrectionAction) -> None:
    assert declared.reached(FACTUAL_CORRECTION, status, action) == declared.target("factual_correction", status, action)


@pytest.mark.parametrize(("status", "action"), list(product(CommentStatus, CommentAction)))
def test_every_act_on_a_comment_leads_where_declared(status: CommentStatus, action: CommentAction) -> None:
    assert declared.reached(REPORT_COMMENT, status, action) == declared.target("report_comment", status, action)


@pytest.mark.requirement("R-V97")
@pytest.mark.parametrize(
    "status", [ReportStatus.INTERNAL_REVIEW, ReportStatus.CLEARED, ReportStatus.CORRECTIONS_REVIEW]
)
def test_only_the_approver_approves(status: ReportStatus) -> None:
    assert REPORT.step(status, ReportAction.APPROVE).by == {"approver"}


@pytest.mark.requirement("R-V98")
def test_a_report_is_transmitted_then_published() -> None:
    transmitted = REPORT.after(ReportStatus.APPROVED, ReportAction.TRANSMIT)

    assert REPORT.after(transmitted, ReportAction.PUBLISH) is ReportStatus.PUBLISHED
    assert REPORT.step(transmitted, ReportAction.PUBLISH).event == "visits.report.published"


@pytest.mark.requirement("R-V92")
def test_the_kinds_of_report() -> None:
    assert [kind.value for kind in ReportKind] == "visit thematic annual follow_up".split()


@pytest.mark.requirement("R-V90")
def test_how_experts_take_part() -> None:
    assert [kind.value for kind in CommentKind] == "invitation input section".split()


def test_what_is_frozen_and_who_gave_a_fact() -> None:
    purposes = "draft_shared approved transmitted published corrected"

    assert [purpose.value for purpose in SnapshotPurpose] == purposes.split()
    assert [source.value for source in FactSource] == ["authority", "npm"]
