"""The institutions of the made-up country: 80 authorities and departments in a hierarchy, and the bodies beside them."""

from datetime import date
from typing import Any

from deploy.demo.country.ids import (
    CHILDRENS_COMMISSIONER,
    CIVIL_SOCIETY_PARTNER,
    COMPLAINTS_DEPARTMENT,
    HEALTH_DEPARTMENT,
    OMBUDSPERSON,
    POLICE_DIRECTORATE,
    PRISON_SERVICE,
    dice,
    made_id,
)
from deploy.demo.country.names import COUNTRY, REGIONS

Row = dict[str, Any]

FIXED = {
    "prison-service": PRISON_SERVICE,
    "prison-health": HEALTH_DEPARTMENT,
    "police": POLICE_DIRECTORATE,
    "ombudsperson": OMBUDSPERSON,
    "childrens-commissioner": CHILDRENS_COMMISSIONER,
    "complaints-department": COMPLAINTS_DEPARTMENT,
    "civil-society-partner": CIVIL_SOCIETY_PARTNER,
}

#: Key, name, category, keys of the parents; who stands further down may be a parent too.
_AUTHORITIES = """
parliament | Parliament of {country} | parliament |
rights-committee | Parliamentary Committee on Human Rights | parliament | parliament
justice | Ministry of Justice | line_ministry |
interior | Ministry of the Interior | line_ministry |
health | Ministry of Health | line_ministry |
social | Ministry of Social Affairs | line_ministry |
defence | Ministry of Defence | line_ministry |
finance | Ministry of Finance | finance_budget |
education | Ministry of Education | other_ministry |
foreign | Ministry of Foreign Affairs | other_ministry |
territorial | Ministry of Territorial Development | other_ministry |
prison-service | Prison Service | place_management | justice
prison-staff | Council of Prison Staff | place_staff_body | prison-service
prison-inspectorate | Inspectorate of Prisons | supervising_service | justice
probation | Probation Agency | specialised_agency | justice
juvenile-justice | Juvenile Justice Agency | place_management | justice
court-service | Court Service | place_management | judiciary
judiciary | Council of the Judiciary | judiciary |
prosecution | Public Prosecution Office | prosecution |
public-defence | Office for Public Defence | public_defence | justice
legal-aid | Legal Aid Centre | public_defence | public-defence
police | Police Directorate | place_management | interior
police-staff | Council of Police Staff | place_staff_body | police
interior-inspectorate | Inspectorate of the Interior | supervising_service | interior
border-guard | Border Guard | place_management | interior
immigration | Immigration Agency | place_management | interior
state-security | State Security Office | place_management | interior
escort-service | Escort and Transport Service | place_management | prison-service, police
psychiatric-services | Psychiatric Services Agency | place_management | health
hospitals | Hospital Agency | place_management | health
addiction | Addiction Treatment Agency | place_management | health
public-health | Public Health Institute | specialised_agency | health
health-inspectorate | Health Inspectorate | supervising_service | health
forensic-medicine | Institute of Forensic Medicine | specialised_agency | health, justice
social-inspectorate | Social Care Inspectorate | supervising_service | social
childrens-homes | Children's Homes Agency | place_management | social
disability | Disability Agency | place_management | social
military-police | Military Police | place_management | defence
gendarmerie | Gendarmerie Command | place_management | defence, interior
budget-office | Budget Office | finance_budget | finance
schools | School Authority | specialised_agency | education
statistics | Statistics Office | specialised_agency | finance
lantern-care | Lantern Care Company | private_operator | social
quietwater | Quietwater Homes | private_operator | social
hollow-oak | Hollow Oak Residences | private_operator | social
stonebridge | Stonebridge Custody Services | private_operator | immigration
fairlea | Fairlea Clinics | private_operator | health
palisade | Palisade Transport | private_operator | escort-service
"""
_DEPARTMENTS = """
prison-health | Health Department | prison-service
prison-security | Security Department | prison-service
prison-regime | Regime and Rehabilitation Department | prison-service
prison-personnel | Personnel Department | prison-service
prison-buildings | Buildings Department | prison-service
police-custody | Custody Department | police
police-internal | Internal Affairs Department | police
police-academy | Police Academy | police
"""
#: Key, name, kind and what kind of body it is.
_BODIES = """
ombudsperson | Ombudsperson of {country} | partner_body | ombudsperson_general
childrens-commissioner | Children's Commissioner | partner_body | ombudsperson_specialised
complaints-department | Complaints Department of the Human Rights Institution | partner_body | nhri
lay-visitors | Association of Lay Visitors | monitoring_body | lay_visitors
judges-of-execution | Judges of Execution | monitoring_body | judge
patients-advocate | Patients' Advocate | monitoring_body | specialised_oversight_body
civil-society-partner | Open Doors Watch | civil_society | human_rights_ngo_national
families | Association of Families of Detainees | civil_society | detainee_family_association
disability-forum | Disability Forum | civil_society | vulnerable_group_organisation
migrants-desk | Migrants' Legal Desk | civil_society | litigation_group
returned | Returned: Network of Former Detainees | civil_society | organisation_of_detainees_or_former
university | Centre for Detention Studies | civil_society | academia
"""


def institution_id(key: str) -> str:
    """Give the id of an institution by its key: that of the access page where it has one."""
    return FIXED.get(key) or made_id("institution", key)


def _table(text: str) -> list[list[str]]:
    lines = text.format(country=COUNTRY).strip().splitlines()
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def _regional() -> list[list[str]]:
    """The same three institutions in every region: police command, social board, council."""
    rows = []
    for number, region in enumerate(REGIONS, start=1):
        rows += [
            [f"police-command-{number}", f"Police Command {region}", "place_management", "police"],
            [f"social-board-{number}", f"Social Board {region}", "local_government", "social"],
            [f"council-{number}", f"Regional Council {region}", "local_government", "territorial"],
        ]
    return rows


def authorities() -> list[Row]:
    """Give the 80 authorities and departments, parents before their children."""
    listed = [(*each, "authority") for each in _table(_AUTHORITIES) + _regional()]
    listed += [(key, name, "", parent, "department") for key, name, parent in _table(_DEPARTMENTS)]
    rng = dice("institutions")
    rows = [
        {
            "row": key,
            "id": institution_id(key),
            "kind": kind,
            "name": name,
            "category": category or None,
            "parents": [parent.strip() for parent in parents.split(",") if parent.strip()],
            "founded_on": str(date(rng.randint(1948, 2016), rng.randint(1, 12), 1)),
        }
        for key, name, category, parents, kind in listed
    ]
    return _parents_first(rows)


def _parents_first(rows: list[Row]) -> list[Row]:
    """Order the rows so that a parent is there before anybody points at it."""
    ordered: list[Row] = []
    placed: set[str] = set()
    while len(ordered) < len(rows):
        ready = [row for row in rows if row["row"] not in placed and placed.issuperset(row["parents"])]
        ordered += ready
        placed |= {row["row"] for row in ready}
    return ordered


def bodies() -> list[Row]:
    """Give the partners, other monitoring bodies and civil society organisations; their kind is what the source says."""
    return [
        {
            "row": key,
            "id": institution_id(key),
            "kind": kind,
            "name": name,
            "note": {"body_kind": body_kind},
        }
        for key, name, kind, body_kind in _table(_BODIES)
    ]


def mappings() -> list[Row]:
    """Give how the NPM finds the authorities it has assessed: influence and openness, each from 1 to 4."""
    rng = dice("mapping")
    settled = {"prison-service": (4, 3), "police": (4, 1), "justice": (4, 3), "interior": (4, 2), "finance": (3, 2)}
    rows = []
    for row in authorities():
        influence, openness = settled.get(row["row"], (rng.randint(1, 4), rng.randint(1, 4)))
        if row["kind"] == "authority" and (row["row"] in settled or rng.random() < 0.6):
            rows.append({"authority_id": row["id"], "influence": influence, "openness": openness})
    return rows
