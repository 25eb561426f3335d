"""What the matrix expects beside the plain rule, openly, each with its reason.

A body of the least fields is not always enough to be taken, and a use case may be narrower than its scope. What each
operation does with a good body is shown by its feature's own tests.
"""

_STATE = "the planted thing is past the state in which this is open"
_ONE = "there is one already, and only one may be open"
_MORE = "the least body is well-formed, and a rule asks for more than its schema can say"

_ORIGIN = "it is about where the secondee comes from, which is not there for him or her"
_ELSEWHERE = "the secondee is kept from the planted thing, and has one of the other authority"

#: Operation, or operation and persona: what answers who reaches its own thing with the least body.
ANSWERS: dict[str, tuple[int, str]] = {
    "authority.add_own_client_key": (404, "a person has no registered system"),
    "authority.ask_extension": (409, _ONE),
    "authority.draft_response": (409, _ONE),
    "authority.draft_response authority-official-two": (201, "the other authority has no draft open"),
    "authority.propose_correction": (422, "only a fact of the report can be corrected, and the body names none"),
    "expert.give_comment": (409, "the comment is given"),
    "npm.add_addressee": (409, _ONE),
    "npm.add_complaint_consent": (422, _MORE),
    "npm.add_evidence": (409, _STATE),
    "npm.add_evidence secondee": (201, _ELSEWHERE),
    "npm.add_team_role": (409, _STATE),
    "npm.add_team_role member": (
        403,
        "on the team as its contact with the authority: who leads the visit puts its team together",
    ),
    "npm.create_access_revocation": (422, _MORE),
    "npm.create_engagement secondee": (422, _ORIGIN),
    "npm.draft_report": (422, _MORE),
    "npm.invite_account": (422, _MORE),
    "npm.invite_expert": (422, "the person named is no expert of the visit"),
    "npm.invite_expert secondee": (201, "the own report is about no visit: whoever is named is asked"),
    "npm.open_assessment": (409, _STATE),
    "npm.open_assessment secondee": (201, _ELSEWHERE),
    "npm.propose_client": (422, _MORE),
    "npm.propose_place_visit secondee": (422, _ORIGIN),
    "npm.propose_escalation": (422, "the recommendation named is none"),
    "npm.record_debriefing": (409, _STATE),
    "npm.record_external_visit secondee": (422, _ORIGIN),
    "npm.record_meeting": (409, _STATE),
    "npm.record_paper_answer": (422, _MORE),
    "npm.record_preparation": (409, _STATE),
    "npm.record_session": (409, _STATE),
    "npm.report_access_incident secondee": (422, _ORIGIN),
    "npm.request_accreditation secondee": (422, _ORIGIN),
    "npm.run_priorities secondee": (409, "whoever is kept from some places cannot rank all of them"),
    "npm.send_draft": (409, "the authority has no safe channel yet"),
    "partner.add_own_client_key": (422, "the least body holds no statement that a key signed"),
    "partner.add_own_client_key cso": (404, "this persona's system is registered nowhere"),
}

#: Operation, or operation and action: the roles that its use case takes, where they are fewer than those with the scope.
NARROWER: dict[str, frozenset[str]] = {
    "npm.draft_mou": frozenset({"head", "member", "staff"}),
    "npm.open_plan": frozenset({"head", "member", "staff"}),
    "npm.propose_expert_engagement": frozenset({"head", "member", "staff"}),
    "npm.propose_visit": frozenset({"head", "member", "staff"}),
    "npm.transition_authority_relation escalate": frozenset({"head"}),
    "npm.transition_authority_relation recover": frozenset({"head"}),
    "npm.transition_authority_relation mark_strained": frozenset({"head", "member", "staff"}),
    "npm.transition_authority_relation restore": frozenset({"head", "member", "staff"}),
    "npm.transition_expert_engagement record_training": frozenset({"head", "member", "staff"}),
    "npm.transition_mou submit": frozenset({"head", "member", "staff"}),
    "npm.transition_mou revise": frozenset({"head", "member", "staff"}),
    "npm.transition_mou review": frozenset({"head", "member", "staff"}),
}

#: Work on a visit that whoever sees it, without a role in it, is refused: 403, as the visit itself is no secret to them.
TEAM_ONLY = frozenset(
    {
        "npm.add_team_role", "npm.record_debriefing", "npm.record_finding", "npm.record_meeting", "npm.record_preparation",
        "npm.record_session", "npm.update_finding",
    }
)  # fmt: skip

#: What makes a thing where there is none: absent, hidden and own things are told apart by nothing but their version.
MAKES_WHAT_IS_NOT_THERE = frozenset({"partner.put_complaint_referral"})

#: Operations to which the world offers no thing in a state in which they succeed, and the tests that show their success.
WITHOUT_CONTROL: dict[str, str] = {
    "authority.add_own_client_key": "tests/machines",
    "authority.get_own_client_key": "tests/machines",
    "authority.transition_own_client_key": "tests/machines",
    "expert.transition_comment": "tests/visits/reports",
    "npm.invite_expert": "tests/visits/reports",
    "npm.remove_team_role": "tests/visits/visits",
    "npm.send_draft": "tests/visits/reports",
    "npm.transition_client_key": "tests/machines",
    "npm.transition_correction": "tests/visits/reports",
    "npm.transition_extension_request": "tests/recommendations/extension_requests",
    "npm.transition_place": "tests/visits/places",
    "npm.transition_transmission": "tests/visits/reports",
    "npm.update_mou": "tests/stakeholders/mous",
    "npm.update_report": "tests/visits/reports",
    "npm.update_visit": "tests/visits/visits",
    "partner.add_own_client_key": "tests/machines",
    "partner.transition_own_client_key": "tests/machines",
    "partner.submit_complaint_referrals": "tests/complaints/bulk_submissions",
    "public.get_report": "tests/visits/reports",
}
