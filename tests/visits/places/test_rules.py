"""What the rules of a place say; no database, no HTTP."""

from itertools import product

import pytest

from services.visits.places.rules import (
    PLACE,
    TYPE_GROUPS,
    AuthorityInvolvement,
    ComplaintChannelQuality,
    MandateBasis,
    PlaceAction,
    PlaceGap,
    PlaceStatus,
    PlaceType,
    RiskFlag,
    TypeGroup,
    VulnerableGroup,
    confirmation_gaps,
    is_type_allowed,
    mandate_basis_gaps,
    merger_gaps,
    scoring_group,
)
from tests.architecture import declared

REGISTER = (PlaceStatus.IN_USE, PlaceStatus.CLOSED)
GROUPS = {
    "police": "police_station police_holding_cell police_vehicle",
    "prison": "prison remand_prison women_prison high_security open_prison",
    "juvenile": "juvenile_justice_facility secure_childrens_home",
    "military": "military_detention gendarmerie_cell",
    "security_services": "intelligence_detention",
    "immigration": "immigration_detention transit_zone airport_port_border reception_closed",
    "health": "psychiatric_hospital forensic_psychiatry general_hospital_secure_ward compulsory_drug_treatment "
    "quarantine",
    "social_care": "older_persons_home disability_home childrens_home other_care_home",
    "court_transport": "court_cells transport_vehicle deportation_flight",
    "other": "private_custody unofficial_or_unacknowledged other",
    "unknown": "unknown",
}


def basis(
    *,
    is_controlled: bool = True,
    is_kept: bool = True,
    involvement: AuthorityInvolvement | None = AuthorityInvolvement.ORDER,
) -> MandateBasis:
    return MandateBasis(
        is_under_jurisdiction_and_control=is_controlled,
        may_not_leave_at_will=is_kept,
        authority_involvement=involvement,
    )


@pytest.mark.parametrize(("status", "action"), list(product(PlaceStatus, PlaceAction)))
def test_every_act_leads_where_the_declared_machine_says(status: PlaceStatus, action: PlaceAction) -> None:
    assert declared.reached(PLACE, status, action) == declared.target("place", status, action)


@pytest.mark.parametrize("group", TypeGroup)
def test_every_group_holds_its_types(group: TypeGroup) -> None:
    types = {place_type.value for place_type, its_group in TYPE_GROUPS.items() if its_group is group}

    assert types == set(GROUPS[group].split())


def test_every_type_has_a_group() -> None:
    assert set(TYPE_GROUPS) == set(PlaceType)


def test_a_place_of_unknown_kind_counts_with_the_others() -> None:
    assert scoring_group(PlaceType.UNKNOWN) is TypeGroup.OTHER
    assert scoring_group(PlaceType.PRISON) is TypeGroup.PRISON


@pytest.mark.parametrize("status", PlaceStatus)
def test_a_place_of_unknown_kind_never_stands_in_the_register(status: PlaceStatus) -> None:
    assert is_type_allowed(PlaceType.UNKNOWN, status) == (status not in REGISTER)
    assert is_type_allowed(PlaceType.PRISON, status)


def test_the_words_of_a_place_are_those_of_the_field() -> None:
    flags = "isolation_unit involuntary_treatment first_hours_custody recent_death no_other_monitoring"

    assert [flag.value for flag in RiskFlag] == flags.split()
    assert [quality.value for quality in ComplaintChannelQuality] == "none weak working unknown".split()
    assert len(VulnerableGroup) == 19


@pytest.mark.parametrize("involvement", AuthorityInvolvement)
def test_any_involvement_of_an_authority_is_enough(involvement: AuthorityInvolvement) -> None:
    assert mandate_basis_gaps(basis(involvement=involvement)) == ()


@pytest.mark.parametrize(
    ("stated", "gap"),
    [
        (basis(is_controlled=False), PlaceGap.NOT_UNDER_JURISDICTION),
        (basis(is_kept=False), PlaceGap.MAY_LEAVE_AT_WILL),
        (basis(involvement=None), PlaceGap.NO_AUTHORITY_INVOLVED),
        (None, PlaceGap.BASIS_MISSING),
    ],
)
def test_a_limb_of_the_mandate_that_is_not_met_is_named(stated: MandateBasis | None, gap: PlaceGap) -> None:
    assert mandate_basis_gaps(stated) == (gap,)


def test_a_place_is_confirmed_with_type_and_basis() -> None:
    assert confirmation_gaps(PlaceType.PRISON, basis()) == ()
    assert confirmation_gaps(PlaceType.UNKNOWN, None) == (PlaceGap.TYPE_UNKNOWN, PlaceGap.BASIS_MISSING)


@pytest.mark.parametrize("status", PlaceStatus)
def test_a_place_is_merged_into_one_of_the_register(status: PlaceStatus) -> None:
    expected = () if status in REGISTER else (PlaceGap.OTHER_NOT_USABLE,)

    assert merger_gaps("one", "other", status) == expected


def test_a_place_is_not_merged_into_itself() -> None:
    assert merger_gaps("one", "one", PlaceStatus.IN_USE) == (PlaceGap.SAME_PLACE,)
