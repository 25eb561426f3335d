"""How many places of each kind the made-up country has, who runs them, how large they are and who is held there.

Figures and words only; `places` makes the rows.
"""

from typing import NamedTuple


class Kind(NamedTuple):
    """One type of place: number, operator's key, name pattern, smallest and largest population, who and what."""

    place_type: str
    number: int
    operator: str
    called: str
    least: int
    most: int
    groups: str = ""
    flags: str = ""


#: The operator `social-board` or `council` is that of the region; a population of 0 stands for places passed through.
KINDS = (
    Kind("police_station", 76, "police", "{town} Police Station", 2, 12, "substance_dependence", "first_hours_custody"),
    Kind("police_holding_cell", 20, "police", "{town} Holding Cells", 4, 22, "", "first_hours_custody"),
    Kind("police_vehicle", 3, "police", "Police Vehicles {region}", 0, 0, "", "first_hours_custody"),
    Kind("prison", 14, "prison-service", "{town} Prison", 170, 620, "long_or_life_sentence", "isolation_unit"),
    Kind("remand_prison", 8, "prison-service", "{town} Remand Prison", 160, 430, "young_adults foreign_nationals_or_migrants", "isolation_unit"),
    Kind("women_prison", 2, "prison-service", "{town} Women's Prison", 90, 150, "women pregnant_or_with_child", ""),
    Kind("high_security", 2, "prison-service", "{town} High-Security Prison", 180, 260, "isolated_or_solitary long_or_life_sentence", "isolation_unit"),
    Kind("open_prison", 4, "prison-service", "{town} Open Prison", 50, 130, "", ""),
    Kind("juvenile_justice_facility", 4, "juvenile-justice", "{town} Youth Facility", 30, 90, "children", "isolation_unit"),
    Kind("secure_childrens_home", 5, "childrens-homes", "{town} Secure Children's Home", 10, 28, "children", ""),
    Kind("military_detention", 3, "military-police", "{town} Barracks Detention", 60, 95, "young_adults", ""),
    Kind("gendarmerie_cell", 12, "gendarmerie", "{town} Gendarmerie Post", 4, 14, "", "first_hours_custody no_other_monitoring"),
    Kind("intelligence_detention", 1, "state-security", "{town} Special Custody", 8, 8, "isolated_or_solitary", "isolation_unit no_other_monitoring"),
    Kind("immigration_detention", 3, "immigration", "{town} Removal Centre", 90, 220, "foreign_nationals_or_migrants non_speaker_of_language", ""),
    Kind("transit_zone", 2, "border-guard", "{town} Transit Zone", 20, 60, "asylum_or_stateless non_speaker_of_language", ""),
    Kind("airport_port_border", 6, "border-guard", "{town} Border Post", 2, 15, "asylum_or_stateless", "no_other_monitoring"),
    Kind("reception_closed", 3, "immigration", "{town} Closed Reception Centre", 80, 190, "asylum_or_stateless children", ""),
    Kind("psychiatric_hospital", 9, "psychiatric-services", "{town} Psychiatric Hospital", 60, 280, "persons_with_psychosocial_or_intellectual_disability", "involuntary_treatment"),
    Kind("forensic_psychiatry", 2, "psychiatric-services", "{town} Forensic Clinic", 60, 120, "persons_with_psychosocial_or_intellectual_disability", "involuntary_treatment isolation_unit"),
    Kind("general_hospital_secure_ward", 8, "hospitals", "{town} Hospital, Secure Ward", 6, 20, "serious_illness", ""),
    Kind("compulsory_drug_treatment", 4, "addiction", "{town} Treatment Centre", 30, 80, "substance_dependence", "involuntary_treatment"),
    Kind("quarantine", 1, "hospitals", "{town} Quarantine Station", 12, 12, "serious_illness", "no_other_monitoring"),
    Kind("older_persons_home", 38, "social-board", "{town} Home for Older Persons", 30, 110, "older_persons", ""),
    Kind("disability_home", 24, "disability", "{town} Disability Home", 20, 90, "persons_with_psychosocial_or_intellectual_disability", ""),
    Kind("childrens_home", 12, "childrens-homes", "{town} Children's Home", 12, 45, "children", ""),
    Kind("other_care_home", 8, "council", "{town} Care Home", 15, 60, "serious_illness", ""),
    Kind("court_cells", 14, "court-service", "{town} Court Cells", 2, 10, "", ""),
    Kind("transport_vehicle", 3, "escort-service", "Escort Vehicles {region}", 0, 0, "", ""),
    Kind("deportation_flight", 1, "border-guard", "Return Flights {region}", 0, 0, "foreign_nationals_or_migrants", "no_other_monitoring"),
    Kind("private_custody", 2, "stonebridge", "{town} Custody Suite", 4, 15, "", "no_other_monitoring"),
    Kind("unofficial_or_unacknowledged", 2, "", "Premises near {town}", 2, 6, "", "no_other_monitoring"),
    Kind("other", 2, "council", "{town} Sobering-up Centre", 4, 12, "substance_dependence", ""),
    Kind("unknown", 2, "", "House at {town}", 0, 0, "", ""),
)  # fmt: skip

#: Homes that a private company runs for the public authority, by type: the companies in turn, every third home.
PRIVATE = {
    "older_persons_home": ("lantern-care", "quietwater", "hollow-oak"),
    "disability_home": ("quietwater", "lantern-care"),
    "psychiatric_hospital": ("fairlea",),
}
