"""How the types of places are grouped for the formulas. Pure: no database, no HTTP, no clock.

A type that is not known here counts with `other`, as in the priority score; it never raises.
"""

from collections.abc import Mapping

_TYPES: Mapping[str, str] = {
    "police": "police_station police_holding_cell police_vehicle",
    "prison": "prison remand_prison women_prison high_security open_prison",
    "juvenile": "juvenile_justice_facility secure_childrens_home",
    "military": "military_detention gendarmerie_cell",
    "security_services": "intelligence_detention",
    "immigration": "immigration_detention transit_zone airport_port_border reception_closed",
    "health": "psychiatric_hospital forensic_psychiatry general_hospital_secure_ward compulsory_drug_treatment quarantine",
    "social_care": "older_persons_home disability_home childrens_home other_care_home",
    "court_transport": "court_cells transport_vehicle deportation_flight",
}
_GROUPS = {place_type: group for group, types in _TYPES.items() for place_type in types.split()}


def type_group(place_type: str) -> str:
    """Give the upper level of a type of place."""
    return _GROUPS.get(place_type, "other")
