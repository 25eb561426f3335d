"""Who decides on what: the topics of the decision matrix, the decision scopes behind them, and who may be named.

Pure: no database, no HTTP, no clock. Holding a decision never lifts "not one's own proposal", and never a recusal.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from shared.workflow import Vocabulary


class DecisionTopic(Vocabulary):
    """What somebody decides on in the NPM (R-S99, R-S100)."""

    PLANS = "plans", "Plans"
    REPORTS = "reports", "Reports"
    PUBLICATION = "publication", "Publication of reports"
    RECOMMENDATIONS = "recommendations", "Recommendations"
    ISSUE_OF_RECOMMENDATIONS = "issue_of_recommendations", "Transmission and closing of recommendations"
    ASSESSMENTS = "assessments", "Assessments of implementation"
    ESCALATIONS = "escalations", "Escalations"
    INTERNATIONAL_SUBMISSIONS = "international_submissions", "Submissions to international bodies"
    COMPLAINT_ASSIGNMENT = "complaint_assignment", "Assignment of complaints"
    REFERRALS = "referrals", "Referrals of complaints"
    EXCEPTIONAL_DISCLOSURES = "exceptional_disclosures", "Exceptional disclosures"
    DANGER_TO_LIFE = "danger_to_life", "Danger to life out of hours"
    RETENTION = "retention", "Retention and erasure"
    STATISTICS = "statistics", "Release of statistics"
    ACCOUNTS = "accounts", "Approval of accounts"
    CONFLICTS = "conflicts", "Conflicts of interest"
    CONTRACTS = "contracts", "Contracts of experts"
    INSTITUTION = "institution", "Internal rules and the decision matrix"
    AGREEMENTS = "agreements", "Memoranda of understanding"
    SPT_CONTACT = "spt_contact", "Contact with the SPT"
    IMPORTS = "imports", "Import of history"
    VISITS = "visits", "Programme of visits"
    LAW_AND_POLICY = "law_and_policy", "Law and policy"
    BUDGET = "budget", "Budget"
    SPOKESPERSON = "spokesperson", "Speaking for the NPM and to the media"
    AUTHORITY_CONTACT = "authority_contact", "Speaking to authorities"


#: The decision scopes that a topic gives to whoever is named for it. Topics without one settle who answers.
SCOPES: Mapping[DecisionTopic, frozenset[str]] = {
    DecisionTopic.PLANS: frozenset({"visits:plans.adopt"}),
    DecisionTopic.REPORTS: frozenset({"visits:reports.approve"}),
    DecisionTopic.PUBLICATION: frozenset({"visits:reports.publish"}),
    DecisionTopic.RECOMMENDATIONS: frozenset({"recommendations:recommendations.approve"}),
    DecisionTopic.ISSUE_OF_RECOMMENDATIONS: frozenset({"recommendations:recommendations.issue"}),
    DecisionTopic.ASSESSMENTS: frozenset({"recommendations:assessments.approve"}),
    DecisionTopic.ESCALATIONS: frozenset({"recommendations:escalations.approve"}),
    DecisionTopic.INTERNATIONAL_SUBMISSIONS: frozenset({"recommendations:submissions.approve"}),
    DecisionTopic.COMPLAINT_ASSIGNMENT: frozenset({"complaints:complaints.assign"}),
    DecisionTopic.REFERRALS: frozenset({"complaints:referrals.approve"}),
    DecisionTopic.EXCEPTIONAL_DISCLOSURES: frozenset({"complaints:disclosures.decide"}),
    DecisionTopic.DANGER_TO_LIFE: frozenset({"complaints:disclosures.decide"}),
    DecisionTopic.RETENTION: frozenset({"complaints:retention.decide"}),
    DecisionTopic.STATISTICS: frozenset({"complaints:statistics.release"}),
    DecisionTopic.ACCOUNTS: frozenset({"stakeholders:accounts.approve"}),
    DecisionTopic.CONFLICTS: frozenset({"stakeholders:conflicts.decide"}),
    DecisionTopic.CONTRACTS: frozenset({"stakeholders:contracts.decide"}),
    DecisionTopic.INSTITUTION: frozenset({"stakeholders:institution.decide"}),
    DecisionTopic.AGREEMENTS: frozenset({"stakeholders:mous.sign"}),
    DecisionTopic.SPT_CONTACT: frozenset({"stakeholders:spt.read", "stakeholders:spt.write"}),
    DecisionTopic.IMPORTS: frozenset({"gateway:imports.create"}),
}
#: Every decision scope: what the head holds by default.
DECISION_SCOPES = frozenset(scope for scopes in SCOPES.values() for scope in scopes)
#: The roles from which deciders come; seconded officials never decide (R-S86), experts and outsiders neither.
DECIDING_ROLES = frozenset({"head", "member"})
#: Whoever holds one of these decides nothing, whatever else they hold.
NEVER_DECIDING_ROLES = frozenset(
    {
        "secondee",
        "expert",
        "authority_official",
        "authority_focal_point",
        "authority_validator",
        "partner_system",
        "nhri_complaints",
        "cso_partner",
        "sysadmin",
        "data_protection_officer",
    }
)


@dataclass(frozen=True, kw_only=True)
class MatrixEntry:
    """One row of the matrix: the person who decides on a topic, and who does so in their absence."""

    topic: DecisionTopic
    decider_id: str
    deputy_id: str | None = None

    def names(self, person_id: str) -> bool:
        """Whether the row names this person."""
        return person_id in (self.decider_id, self.deputy_id)


@dataclass(frozen=True, kw_only=True)
class Decider:
    """Somebody who wants to decide: the person, not the account."""

    person_id: str
    roles: frozenset[str]
    is_recused: bool = False


def may_be_named(roles: Collection[str]) -> bool:
    """Whether somebody with these roles may stand in the matrix."""
    held = frozenset(roles)
    return bool(held & DECIDING_ROLES) and not held & NEVER_DECIDING_ROLES


def topics_of(decider: Decider, matrix: Iterable[MatrixEntry]) -> frozenset[DecisionTopic]:
    """Give the topics somebody decides on: the head on all, others where a row names them."""
    if not may_be_named(decider.roles):
        return frozenset()
    if "head" in decider.roles:
        return frozenset(DecisionTopic)
    return frozenset(entry.topic for entry in matrix if entry.names(decider.person_id))


def decision_scopes(decider: Decider, matrix: Iterable[MatrixEntry]) -> frozenset[str]:
    """Give the decision scopes that come on top of the roles."""
    return frozenset(scope for topic in topics_of(decider, matrix) for scope in SCOPES.get(topic, frozenset()))


def scopes_named(person_id: str, roles: Collection[str], matrix: Iterable[MatrixEntry]) -> frozenset[str]:
    """Give the decision scopes that rows name somebody for; what the head holds comes with that role, not from here."""
    if not may_be_named(roles):
        return frozenset()
    topics = (entry.topic for entry in matrix if entry.names(person_id))
    return frozenset(scope for topic in topics for scope in SCOPES.get(topic, frozenset()))


def may_decide(
    decider: Decider, topic: DecisionTopic, matrix: Iterable[MatrixEntry], *, proposed_by: str | None = None
) -> bool:
    """Whether this person may decide now: named for the topic, not recused, and not on their own proposal."""
    if decider.is_recused or proposed_by == decider.person_id:
        return False
    return topic in topics_of(decider, matrix)
