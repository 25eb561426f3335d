"""The rules of a place of detention: its types, its states and the words it is described with.

Pure: no database, no HTTP, no clock. It never judges how urgent a visit is; that is `priorities`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.workflow import NPM, SYSTEM, Vocabulary, Workflow, step

HEAD = frozenset({"head"})


class TypeGroup(Vocabulary):
    """The upper level of the place types; statistics and targets go by group."""

    POLICE = "police", "Police"
    PRISON = "prison", "Prison"
    JUVENILE = "juvenile", "Juvenile justice"
    MILITARY = "military", "Military"
    SECURITY_SERVICES = "security_services", "Security services"
    IMMIGRATION = "immigration", "Immigration"
    HEALTH = "health", "Health"
    SOCIAL_CARE = "social_care", "Social care"
    COURT_TRANSPORT = "court_transport", "Courts and transport"
    OTHER = "other", "Other"
    UNKNOWN = "unknown", "Unknown"


class PlaceType(Vocabulary):
    """The lower level: what kind of place it is (OPCAT Art. 4 in its full width)."""

    POLICE_STATION = "police_station", "Police station"
    POLICE_HOLDING_CELL = "police_holding_cell", "Police holding cell"
    POLICE_VEHICLE = "police_vehicle", "Police vehicle"
    PRISON = "prison", "Prison"
    REMAND_PRISON = "remand_prison", "Remand prison"
    WOMEN_PRISON = "women_prison", "Women's prison"
    HIGH_SECURITY = "high_security", "High-security prison"
    OPEN_PRISON = "open_prison", "Open prison"
    JUVENILE_JUSTICE_FACILITY = "juvenile_justice_facility", "Juvenile justice facility"
    SECURE_CHILDRENS_HOME = "secure_childrens_home", "Secure children's home"
    MILITARY_DETENTION = "military_detention", "Military detention"
    GENDARMERIE_CELL = "gendarmerie_cell", "Gendarmerie cell"
    INTELLIGENCE_DETENTION = "intelligence_detention", "Detention by intelligence services"
    IMMIGRATION_DETENTION = "immigration_detention", "Immigration detention"
    TRANSIT_ZONE = "transit_zone", "Transit zone"
    AIRPORT_PORT_BORDER = "airport_port_border", "Airport, port or border"
    RECEPTION_CLOSED = "reception_closed", "Closed reception centre"
    PSYCHIATRIC_HOSPITAL = "psychiatric_hospital", "Psychiatric hospital"
    FORENSIC_PSYCHIATRY = "forensic_psychiatry", "Forensic psychiatry"
    GENERAL_HOSPITAL_SECURE_WARD = "general_hospital_secure_ward", "Secure ward of a general hospital"
    COMPULSORY_DRUG_TREATMENT = "compulsory_drug_treatment", "Compulsory drug treatment"
    QUARANTINE = "quarantine", "Quarantine"
    OLDER_PERSONS_HOME = "older_persons_home", "Home for older persons"
    DISABILITY_HOME = "disability_home", "Home for persons with disabilities"
    CHILDRENS_HOME = "childrens_home", "Children's home"
    OTHER_CARE_HOME = "other_care_home", "Other care home"
    COURT_CELLS = "court_cells", "Court cells"
    TRANSPORT_VEHICLE = "transport_vehicle", "Transport vehicle"
    DEPORTATION_FLIGHT = "deportation_flight", "Deportation flight"
    PRIVATE_CUSTODY = "private_custody", "Private custody"
    UNOFFICIAL_OR_UNACKNOWLEDGED = "unofficial_or_unacknowledged", "Unofficial or unacknowledged place"
    OTHER = "other", "Other"
    UNKNOWN = "unknown", "Unknown"


TYPE_GROUPS: Mapping[PlaceType, TypeGroup] = {
    PlaceType.POLICE_STATION: TypeGroup.POLICE,
    PlaceType.POLICE_HOLDING_CELL: TypeGroup.POLICE,
    PlaceType.POLICE_VEHICLE: TypeGroup.POLICE,
    PlaceType.PRISON: TypeGroup.PRISON,
    PlaceType.REMAND_PRISON: TypeGroup.PRISON,
    PlaceType.WOMEN_PRISON: TypeGroup.PRISON,
    PlaceType.HIGH_SECURITY: TypeGroup.PRISON,
    PlaceType.OPEN_PRISON: TypeGroup.PRISON,
    PlaceType.JUVENILE_JUSTICE_FACILITY: TypeGroup.JUVENILE,
    PlaceType.SECURE_CHILDRENS_HOME: TypeGroup.JUVENILE,
    PlaceType.MILITARY_DETENTION: TypeGroup.MILITARY,
    PlaceType.GENDARMERIE_CELL: TypeGroup.MILITARY,
    PlaceType.INTELLIGENCE_DETENTION: TypeGroup.SECURITY_SERVICES,
    PlaceType.IMMIGRATION_DETENTION: TypeGroup.IMMIGRATION,
    PlaceType.TRANSIT_ZONE: TypeGroup.IMMIGRATION,
    PlaceType.AIRPORT_PORT_BORDER: TypeGroup.IMMIGRATION,
    PlaceType.RECEPTION_CLOSED: TypeGroup.IMMIGRATION,
    PlaceType.PSYCHIATRIC_HOSPITAL: TypeGroup.HEALTH,
    PlaceType.FORENSIC_PSYCHIATRY: TypeGroup.HEALTH,
    PlaceType.GENERAL_HOSPITAL_SECURE_WARD: TypeGroup.HEALTH,
    PlaceType.COMPULSORY_DRUG_TREATMENT: TypeGroup.HEALTH,
    PlaceType.QUARANTINE: TypeGroup.HEALTH,
    PlaceType.OLDER_PERSONS_HOME: TypeGroup.SOCIAL_CARE,
    PlaceType.DISABILITY_HOME: TypeGroup.SOCIAL_CARE,
    PlaceType.CHILDRENS_HOME: TypeGroup.SOCIAL_CARE,
    PlaceType.OTHER_CARE_HOME: TypeGroup.SOCIAL_CARE,
    PlaceType.COURT_CELLS: TypeGroup.COURT_TRANSPORT,
    PlaceType.TRANSPORT_VEHICLE: TypeGroup.COURT_TRANSPORT,
    PlaceType.DEPORTATION_FLIGHT: TypeGroup.COURT_TRANSPORT,
    PlaceType.PRIVATE_CUSTODY: TypeGroup.OTHER,
    PlaceType.UNOFFICIAL_OR_UNACKNOWLEDGED: TypeGroup.OTHER,
    PlaceType.OTHER: TypeGroup.OTHER,
    PlaceType.UNKNOWN: TypeGroup.UNKNOWN,
}


def scoring_group(place_type: PlaceType) -> TypeGroup:
    """Give the group whose means and target count for the priority: unknown places count with `other`."""
    group = TYPE_GROUPS[place_type]
    return TypeGroup.OTHER if group is TypeGroup.UNKNOWN else group


class RiskFlag(Vocabulary):
    """What makes a place hazardous by itself, whoever is held there."""

    ISOLATION_UNIT = "isolation_unit", "Isolation unit"
    INVOLUNTARY_TREATMENT = "involuntary_treatment", "Involuntary treatment"
    FIRST_HOURS_CUSTODY = "first_hours_custody", "First hours of custody"
    RECENT_DEATH = "recent_death", "Recent death"
    NO_OTHER_MONITORING = "no_other_monitoring", "No other monitoring"


class ComplaintChannelQuality(Vocabulary):
    """How well people held in the place can complain from inside."""

    NONE = "none", "None"
    WEAK = "weak", "Weak"
    WORKING = "working", "Working"
    UNKNOWN = "unknown", "Unknown"


class VulnerableGroup(Vocabulary):
    """Groups that are more exposed to ill-treatment or less able to complain."""

    WOMEN = "women", "Women"
    PREGNANT_OR_WITH_CHILD = "pregnant_or_with_child", "Pregnant or with a child"
    CHILDREN = "children", "Children"
    YOUNG_ADULTS = "young_adults", "Young adults"
    OLDER_PERSONS = "older_persons", "Older persons"
    PERSONS_WITH_PHYSICAL_DISABILITY = "persons_with_physical_disability", "Persons with physical disabilities"
    PERSONS_WITH_PSYCHOSOCIAL_OR_INTELLECTUAL_DISABILITY = (
        "persons_with_psychosocial_or_intellectual_disability",
        "Persons with psychosocial or intellectual disabilities",
    )
    LGBTI = "lgbti", "LGBTI persons"
    ETHNIC_OR_NATIONAL_MINORITY = "ethnic_or_national_minority", "Ethnic or national minorities"
    INDIGENOUS = "indigenous", "Indigenous persons"
    FOREIGN_NATIONALS_OR_MIGRANTS = "foreign_nationals_or_migrants", "Foreign nationals or migrants"
    ASYLUM_OR_STATELESS = "asylum_or_stateless", "Asylum seekers or stateless persons"
    SERIOUS_ILLNESS = "serious_illness", "Persons with a serious illness"
    SUBSTANCE_DEPENDENCE = "substance_dependence", "Persons with substance dependence"
    LONG_OR_LIFE_SENTENCE = "long_or_life_sentence", "Persons with long or life sentences"
    ISOLATED_OR_SOLITARY = "isolated_or_solitary", "Persons held in isolation"
    NON_SPEAKER_OF_LANGUAGE = "non_speaker_of_language", "Persons who do not speak the language"
    VICTIMS_OF_TORTURE = "victims_of_torture", "Victims of torture"
    OTHER = "other", "Other"


class AuthorityInvolvement(Vocabulary):
    """How a public authority stands behind the deprivation of liberty (OPCAT Art. 4(1))."""

    ORDER = "order", "By order of an authority"
    INSTIGATION = "instigation", "At the instigation of an authority"
    CONSENT = "consent", "With the consent of an authority"
    ACQUIESCENCE = "acquiescence", "With the acquiescence of an authority"


class PlaceStatus(Vocabulary):
    """The states of a place."""

    UNVERIFIED = "unverified", "Unverified"
    IN_USE = "in_use", "In use"
    CLOSED = "closed", "Closed"
    MERGED = "merged", "Merged"
    REJECTED = "rejected", "Rejected"


class PlaceAction(Vocabulary):
    """What is done with a place."""

    REGISTER = "register", "Register"
    CONFIRM = "confirm", "Confirm"
    REJECT = "reject", "Reject"
    CLOSE = "close", "Close"
    REOPEN = "reopen", "Reopen"
    MERGE = "merge", "Merge"
    SEPARATE = "separate", "Separate"


PLACE = Workflow(
    name="place",
    initial=PlaceStatus.UNVERIFIED,
    create={PlaceAction.REGISTER: step(PlaceStatus.UNVERIFIED, by=NPM | SYSTEM, event="visits.place.registered")},
    transitions={
        (PlaceStatus.UNVERIFIED, PlaceAction.CONFIRM): step(PlaceStatus.IN_USE, by=NPM, event="visits.place.confirmed"),
        (PlaceStatus.UNVERIFIED, PlaceAction.REJECT): step(PlaceStatus.REJECTED, by=NPM, event="visits.place.rejected"),
        (PlaceStatus.IN_USE, PlaceAction.CLOSE): step(PlaceStatus.CLOSED, by=NPM, event="visits.place.closed"),
        (PlaceStatus.CLOSED, PlaceAction.REOPEN): step(PlaceStatus.IN_USE, by=NPM, event="visits.place.reopened"),
        **{
            (state, PlaceAction.MERGE): step(PlaceStatus.MERGED, by=NPM, event="visits.place.merged")
            for state in (PlaceStatus.UNVERIFIED, PlaceStatus.IN_USE, PlaceStatus.CLOSED)
        },
        (PlaceStatus.MERGED, PlaceAction.SEPARATE): step(PlaceStatus.IN_USE, by=HEAD, event="visits.place.separated"),
    },
    final=frozenset({PlaceStatus.REJECTED}),
)


@dataclass(frozen=True, kw_only=True)
class MandateBasis:
    """Why the mandate reaches a place: the three limbs of OPCAT Art. 4, and the source in national law if any."""

    is_under_jurisdiction_and_control: bool
    may_not_leave_at_will: bool
    authority_involvement: AuthorityInvolvement | None
    national_law: str = ""


class PlaceGap(Vocabulary):
    """What is missing before an act on a place."""

    TYPE_UNKNOWN = "type_unknown", "the type of the place is not known"
    BASIS_MISSING = "basis_missing", "the mandate basis (OPCAT Art. 4) is not stated"
    NOT_UNDER_JURISDICTION = "not_under_jurisdiction", "the place is not under the State's jurisdiction and control"
    MAY_LEAVE_AT_WILL = "may_leave_at_will", "people may leave the place at will"
    NO_AUTHORITY_INVOLVED = "no_authority_involved", "no order, instigation, consent or acquiescence of an authority"
    SAME_PLACE = "same_place", "a place cannot be merged into itself"
    OTHER_NOT_USABLE = "other_not_usable", "the other place is neither in use nor closed"


def mandate_basis_gaps(basis: MandateBasis | None) -> tuple[PlaceGap, ...]:
    """Say which limb of OPCAT Art. 4 is not met; public and private settings count alike."""
    if basis is None:
        return (PlaceGap.BASIS_MISSING,)
    limbs = (
        (basis.is_under_jurisdiction_and_control, PlaceGap.NOT_UNDER_JURISDICTION),
        (basis.may_not_leave_at_will, PlaceGap.MAY_LEAVE_AT_WILL),
        (basis.authority_involvement is not None, PlaceGap.NO_AUTHORITY_INVOLVED),
    )
    return tuple(gap for is_met, gap in limbs if not is_met)


def confirmation_gaps(place_type: PlaceType, basis: MandateBasis | None) -> tuple[PlaceGap, ...]:
    """Say what stands between a reported place and the register: type and mandate basis."""
    unknown = (PlaceGap.TYPE_UNKNOWN,) if place_type is PlaceType.UNKNOWN else ()
    return unknown + mandate_basis_gaps(basis)


def merger_gaps(place_id: str, into_id: str, into_status: PlaceStatus) -> tuple[PlaceGap, ...]:
    """Say why a place cannot be merged into another one."""
    if place_id == into_id:
        return (PlaceGap.SAME_PLACE,)
    usable = into_status in (PlaceStatus.IN_USE, PlaceStatus.CLOSED)
    return () if usable else (PlaceGap.OTHER_NOT_USABLE,)


def is_type_allowed(place_type: PlaceType, status: PlaceStatus) -> bool:
    """A place of unknown kind never enters the register proper; it waits, is rejected or merged."""
    return place_type is not PlaceType.UNKNOWN or status not in (PlaceStatus.IN_USE, PlaceStatus.CLOSED)
