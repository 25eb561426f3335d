"""The words of findings, and triangulation."""

import pytest

from services.visits.findings.rules import (
    FindingWarning,
    ObservationKind,
    RootCauseLevel,
    SourceKind,
    finding_warnings,
    is_severity,
    is_triangulated,
)


def test_the_kinds_of_source() -> None:
    kinds = (
        "observation interview_deprived_person interview_staff interview_management register_or_document medical_file "
        "complaint_aggregate third_party measurement_or_photo"
    )

    assert [kind.value for kind in SourceKind] == kinds.split()


@pytest.mark.requirement("R-V05")
def test_causes_lie_deeper_than_conditions() -> None:
    levels = (
        "individual_conduct place_management resources policy_or_procedure law institutional_framework "
        "attitudes_and_training"
    )

    assert [level.value for level in RootCauseLevel] == levels.split()


@pytest.mark.requirement("R-V84")
def test_irregularities_and_good_practices_are_noted() -> None:
    assert [kind.value for kind in ObservationKind] == "concern irregularity good_practice neutral".split()


@pytest.mark.requirement("R-V85")
@pytest.mark.parametrize(
    ("sources", "enough"),
    [
        ([], False),
        ([SourceKind.OBSERVATION], False),
        ([SourceKind.INTERVIEW_DEPRIVED_PERSON] * 10, False),
        ([SourceKind.OBSERVATION, SourceKind.MEDICAL_FILE], True),
        (list(SourceKind), True),
    ],
)
def test_a_finding_stands_on_two_kinds_of_source(sources: list[SourceKind], enough: bool) -> None:
    assert is_triangulated(sources) == enough
    assert (FindingWarning.NOT_TRIANGULATED in finding_warnings(sources)) != enough


def test_a_finding_that_rests_on_complaints_alone_is_told() -> None:
    alone = [SourceKind.COMPLAINT_AGGREGATE]

    assert FindingWarning.ONLY_COMPLAINTS in finding_warnings(alone)
    assert finding_warnings([*alone, SourceKind.OBSERVATION]) == ()


@pytest.mark.parametrize(("value", "fits"), [(0, False), (1, True), (4, True), (5, False)])
def test_severity_goes_from_one_to_four(value: int, fits: bool) -> None:
    assert is_severity(value) == fits
