"""The themes of detention monitoring, two levels deep: what every finding, recommendation and complaint is about.

Knows codes, numbers and labels only; it must never decide anything about a record.
The first level follows the categories in common use for detention monitoring and the chapters of the Nelson Mandela
Rules; T9 is our addition for recommendations to the whole system.
"""

from typing import Self

from shared.workflow import Vocabulary


class _Numbered(Vocabulary):
    """A vocabulary whose members also carry the number they are quoted by, such as `T2.07`."""

    number: str

    def __new__(cls, code: str, label: str, number: str) -> Self:
        """Make a member; an enumeration does not call the `__new__` of its base, so this one is whole."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        member.number = number
        return member


class MainTheme(_Numbered):
    """The first level (L1)."""

    TREATMENT = "treatment", "Treatment", "T1"
    SAFEGUARDS = "safeguards", "Safeguards", "T2"
    MATERIAL_CONDITIONS = "material_conditions", "Material conditions", "T3"
    REGIME_AND_ACTIVITIES = "regime_and_activities", "Regime and activities", "T4"
    HEALTH_CARE = "health_care", "Health care", "T5"
    PERSONNEL = "personnel", "Personnel", "T6"
    CONTACT_WITH_THE_OUTSIDE = "contact_with_the_outside", "Contact with the outside", "T7"
    VULNERABLE_GROUPS = "vulnerable_groups", "Vulnerable groups", "T8"
    LAW_POLICY_AND_INSTITUTIONS = "law_policy_and_institutions", "Law, policy and institutions", "T9"


class Theme(_Numbered):
    """The second level (L2): the theme that a record carries, one main and up to three more."""

    @property
    def main(self) -> MainTheme:
        """The first level that this theme belongs to."""
        return _MAIN_BY_NUMBER[self.number.partition(".")[0]]

    TORTURE_AND_ILL_TREATMENT = "torture_and_ill_treatment", "Torture and ill treatment", "T1.01"
    USE_OF_FORCE_AND_WEAPONS = "use_of_force_and_weapons", "Use of force and weapons", "T1.02"
    MEANS_OF_RESTRAINT = "means_of_restraint", "Means of restraint", "T1.03"
    SOLITARY_CONFINEMENT_AND_SECLUSION = (
        "solitary_confinement_and_seclusion",
        "Solitary confinement and seclusion",
        "T1.04",
    )
    SEARCHES_BODY_CELL = "searches_body_cell", "Searches of body and cell", "T1.05"
    INTER_DETAINEE_VIOLENCE = "inter_detainee_violence", "Violence between detainees", "T1.06"
    INVOLUNTARY_TREATMENT = "involuntary_treatment", "Involuntary treatment", "T1.07"
    TRANSPORT = "transport", "Transport", "T1.08"
    DEATHS_AND_SELF_HARM = "deaths_and_self_harm", "Deaths and self-harm", "T1.09"
    VERBAL_ABUSE_AND_DISCRIMINATION = "verbal_abuse_and_discrimination", "Verbal abuse and discrimination", "T1.10"
    REPRISALS = "reprisals", "Reprisals", "T1.11"

    INFORMATION_ON_RIGHTS = "information_on_rights", "Information on rights", "T2.01"
    LAWYER = "lawyer", "Access to a lawyer", "T2.02"
    DOCTOR_ACCESS_AT_ARREST = "doctor_access_at_arrest", "Access to a doctor at arrest", "T2.03"
    NOTIFICATION_OF_THIRD_PARTY = "notification_of_third_party", "Notification of a third party", "T2.04"
    REGISTERS_AND_FILES = "registers_and_files", "Registers and files", "T2.05"
    LEGAL_BASIS_AND_REVIEW = "legal_basis_and_review", "Legal basis and review", "T2.06"
    COMPLAINTS_PROCEDURES = "complaints_procedures", "Complaints procedures", "T2.07"
    DISCIPLINARY_PROCEDURE_AND_SANCTIONS = (
        "disciplinary_procedure_and_sanctions",
        "Disciplinary procedure and sanctions",
        "T2.08",
    )
    INSPECTION_AND_MONITORING = "inspection_and_monitoring", "Inspection and monitoring", "T2.09"
    INTERPRETATION = "interpretation", "Interpretation", "T2.10"
    RECORDING_OF_INTERVIEWS = "recording_of_interviews", "Recording of interviews", "T2.11"
    SEPARATION_OF_CATEGORIES = "separation_of_categories", "Separation of categories", "T2.12"

    ACCOMMODATION_AND_SPACE = "accommodation_and_space", "Accommodation and space", "T3.01"
    OVERCROWDING = "overcrowding", "Overcrowding", "T3.02"
    LIGHT_AIR_TEMPERATURE = "light_air_temperature", "Light, air and temperature", "T3.03"
    SANITARY_AND_HYGIENE = "sanitary_and_hygiene", "Sanitary facilities and hygiene", "T3.04"
    FOOD_AND_WATER = "food_and_water", "Food and water", "T3.05"
    CLOTHING_AND_BEDDING = "clothing_and_bedding", "Clothing and bedding", "T3.06"
    SAFETY_AND_FIRE = "safety_and_fire", "Safety and fire", "T3.07"
    ACCESSIBILITY = "accessibility", "Accessibility", "T3.08"

    OUTDOOR_EXERCISE = "outdoor_exercise", "Outdoor exercise", "T4.01"
    WORK = "work", "Work", "T4.02"
    EDUCATION = "education", "Education", "T4.03"
    LEISURE_AND_CULTURE = "leisure_and_culture", "Leisure and culture", "T4.04"
    RELIGION = "religion", "Religion", "T4.05"
    TIME_OUT_OF_CELL = "time_out_of_cell", "Time out of cell", "T4.06"
    REHABILITATION_AND_RELEASE = "rehabilitation_and_release", "Rehabilitation and release", "T4.07"
    REGIME_BY_SECURITY_CLASS = "regime_by_security_class", "Regime by security class", "T4.08"

    ACCESS_TO_CARE = "access_to_care", "Access to care", "T5.01"
    MEDICAL_SCREENING_AT_ENTRY = "medical_screening_at_entry", "Medical screening at entry", "T5.02"
    MENTAL_HEALTH = "mental_health", "Mental health", "T5.03"
    MEDICATION = "medication", "Medication", "T5.04"
    CONFIDENTIALITY_AND_CONSENT = "confidentiality_and_consent", "Confidentiality and consent", "T5.05"
    INFECTIOUS_DISEASE = "infectious_disease", "Infectious disease", "T5.06"
    SUBSTANCE_DEPENDENCE = "substance_dependence", "Substance dependence", "T5.07"
    DOCUMENTATION_OF_INJURIES = "documentation_of_injuries", "Documentation of injuries", "T5.08"
    WOMENS_HEALTH = "womens_health", "Women's health", "T5.09"
    MEDICAL_ETHICS_AND_STAFFING = "medical_ethics_and_staffing", "Medical ethics and staffing", "T5.10"

    STAFFING_LEVELS = "staffing_levels", "Staffing levels", "T6.01"
    TRAINING = "training", "Training", "T6.02"
    CONDUCT_AND_ACCOUNTABILITY = "conduct_and_accountability", "Conduct and accountability", "T6.03"
    WORKING_CONDITIONS = "working_conditions", "Working conditions", "T6.04"
    STAFF_COMPOSITION = "staff_composition", "Staff composition", "T6.05"
    MANAGEMENT_CULTURE = "management_culture", "Management culture", "T6.06"

    VISITS = "visits", "Visits", "T7.01"
    TELEPHONE_AND_ONLINE = "telephone_and_online", "Telephone and online contact", "T7.02"
    CORRESPONDENCE = "correspondence", "Correspondence", "T7.03"
    DISTANCE_FROM_HOME = "distance_from_home", "Distance from home", "T7.04"
    MEDIA_AND_INFORMATION = "media_and_information", "Media and information", "T7.05"
    CONSULAR_CONTACT = "consular_contact", "Consular contact", "T7.06"

    WOMEN = "women", "Women", "T8.01"
    CHILDREN = "children", "Children", "T8.02"
    OLDER = "older", "Older persons", "T8.03"
    DISABILITY = "disability", "Persons with disabilities", "T8.04"
    LGBTI = "lgbti", "LGBTI people", "T8.05"
    MINORITIES_INDIGENOUS = "minorities_indigenous", "Minorities and indigenous people", "T8.06"
    FOREIGN_NATIONALS = "foreign_nationals", "Foreign nationals", "T8.07"
    OTHER_NEED = "other_need", "Other needs", "T8.08"

    CRIMINAL_LAW_ON_TORTURE = "criminal_law_on_torture", "Criminal law on torture", "T9.01"
    PRE_TRIAL_DETENTION_USE = "pre_trial_detention_use", "Use of pre-trial detention", "T9.02"
    ALTERNATIVES = "alternatives", "Alternatives to detention", "T9.03"
    MIGRATION_LAW = "migration_law", "Migration law", "T9.04"
    MENTAL_HEALTH_LAW = "mental_health_law", "Mental health law", "T9.05"
    OVERSIGHT_BODIES = "oversight_bodies", "Oversight bodies", "T9.06"
    DATA_AND_STATISTICS = "data_and_statistics", "Data and statistics", "T9.07"
    NPM_MANDATE_AND_RESOURCES = "npm_mandate_and_resources", "Mandate and resources of the NPM", "T9.08"


_MAIN_BY_NUMBER: dict[str, MainTheme] = {main.number: main for main in MainTheme}

#: Every theme by its code.
THEMES: dict[str, Theme] = {theme.value: theme for theme in Theme}


def main_theme(code: str) -> MainTheme:
    """Give the first level of a theme code; an unknown code raises KeyError."""
    return THEMES[code].main
