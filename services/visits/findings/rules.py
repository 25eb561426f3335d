"""The words for what a team saw and concluded, and the rule that no conclusion stands on one kind of source.

Pure: no database, no HTTP, no clock. A finding never carries a name or a single complaint; complaints only as a band.
"""

from collections.abc import Iterable

from shared.workflow import Vocabulary

#: Fewer kinds of source than this leave a finding untriangulated (R-V85).
LEAST_SOURCE_KINDS = 2
SEVERITIES = range(1, 5)


class SourceKind(Vocabulary):
    """Where knowledge comes from; two kinds are two independent ways of knowing."""

    OBSERVATION = "observation", "Observation"
    INTERVIEW_DEPRIVED_PERSON = "interview_deprived_person", "Interview with a person deprived of liberty"
    INTERVIEW_STAFF = "interview_staff", "Interview with staff"
    INTERVIEW_MANAGEMENT = "interview_management", "Interview with management"
    REGISTER_OR_DOCUMENT = "register_or_document", "Register or document"
    MEDICAL_FILE = "medical_file", "Medical file"
    COMPLAINT_AGGREGATE = "complaint_aggregate", "Complaints, aggregated"
    THIRD_PARTY = "third_party", "Third party"
    MEASUREMENT_OR_PHOTO = "measurement_or_photo", "Measurement or photo"


class RootCauseLevel(Vocabulary):
    """Where the cause of a problem lies: past the conditions, into law, policy and institutions."""

    INDIVIDUAL_CONDUCT = "individual_conduct", "Individual conduct"
    PLACE_MANAGEMENT = "place_management", "Management of the place"
    RESOURCES = "resources", "Resources"
    POLICY_OR_PROCEDURE = "policy_or_procedure", "Policy or procedure"
    LAW = "law", "Law"
    INSTITUTIONAL_FRAMEWORK = "institutional_framework", "Institutional framework"
    ATTITUDES_AND_TRAINING = "attitudes_and_training", "Attitudes and training"


class FindingGrade(Vocabulary):
    """How far a place meets a standard, where the source of a finding grades; a standard not assessed has no grade."""

    COMPLIANT = "compliant", "Compliant"
    SUBSTANTIALLY_COMPLIANT = "substantially_compliant", "Substantially compliant"
    NOT_COMPLIANT = "not_compliant", "Not compliant"


class ObservationKind(Vocabulary):
    """What an observation is: good practices count as much as irregularities (R-V84)."""

    CONCERN = "concern", "Concern"
    IRREGULARITY = "irregularity", "Irregularity"
    GOOD_PRACTICE = "good_practice", "Good practice"
    NEUTRAL = "neutral", "Neutral"


class FindingWarning(Vocabulary):
    """What is weak about a finding and stops nothing."""

    NOT_TRIANGULATED = "not_triangulated", "fewer than two independent kinds of source support the finding"
    ONLY_COMPLAINTS = "only_complaints", "the finding rests on complaints alone"


def is_triangulated(sources: Iterable[SourceKind]) -> bool:
    """Whether at least two independent kinds of source support a finding; ten interviews of one kind do not (R-V85)."""
    return len(set(sources)) >= LEAST_SOURCE_KINDS


def finding_warnings(sources: Iterable[SourceKind]) -> tuple[FindingWarning, ...]:
    """Say what is weak about a finding."""
    kinds = set(sources)
    found = {
        FindingWarning.NOT_TRIANGULATED: not is_triangulated(kinds),
        FindingWarning.ONLY_COMPLAINTS: kinds == {SourceKind.COMPLAINT_AGGREGATE},
    }
    return tuple(warning for warning, is_so in found.items() if is_so)


def is_severity(value: int) -> bool:
    """Severity goes from 1 to 4."""
    return value in SEVERITIES
