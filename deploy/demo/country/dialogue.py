"""The dialogue of the last twelve months: whom the NPM knows where, what was talked about, which agreements hold."""

from datetime import date, timedelta
from typing import Any

from deploy.demo.country import ids
from deploy.demo.country.ids import dice
from deploy.demo.country.institutions import institution_id
from deploy.demo.country.names import people

Row = dict[str, Any]

#: Institutions with somebody to talk to: key, post, level, what they are designated for.
_CONTACTS = (
    ("prison-service", "Head of International and Oversight Affairs", "technical", "focal_point"),
    ("prison-service", "Director General", "political_high", "validating_official"),
    ("prison-service", "Deputy Head of Oversight Affairs", "technical", "alternate"),
    ("prison-health", "Head Physician", "technical", "focal_point"),
    ("police", "Head of the Custody Department", "technical", "focal_point"),
    ("police", "Deputy Director", "political_high", "validating_official"),
    ("justice", "State Secretary", "political_high", "focal_point"),
    ("interior", "Adviser to the Minister", "political_high", ""),
    ("health", "Head of Hospital Planning", "technical", "focal_point"),
    ("social", "Head of Residential Care", "technical", "focal_point"),
    ("psychiatric-services", "Medical Director", "technical", "focal_point"),
    ("immigration", "Head of Legal Affairs", "technical", "focal_point"),
    ("juvenile-justice", "Head of Facilities", "operational", "focal_point"),
    ("court-service", "Registrar", "operational", "focal_point"),
    ("parliament", "Secretary of the Committee on Human Rights", "technical", ""),
    ("ombudsperson", "Head of Investigations", "technical", ""),
)
#: Key, format, channel, timing, purpose, days ago, summary, outcome kind and text.
_TALKS = (
    ("prison-service", "annual_review", "in_person", "beyond_visits", "recommendation_follow_up", 320, "Review of all open recommendations.", "commitment", "a written state of play by the end of the quarter"),
    ("prison-service", "bilateral", "online", "beyond_visits", "challenges_and_solutions", 210, "Staff shortage at the remand prisons.", "challenge", "forty posts cannot be filled"),
    ("prison-health", "bilateral", "in_person", "beyond_visits", "thematic", 150, "Waiting times for medical appointments.", "commitment", "a list for appointments in every prison"),
    ("prison-service", "informal_contact", "phone", "beyond_visits", "coordination", 60, "Change of the contact for reports.", "agreement", "reports go to the focal point and the head physician"),
    ("police", "bilateral", "in_person", "after_visit", "access_obstacle", 290, "Delay at the gate of two stations.", "agreement", "the mandate is posted in every guard room"),
    ("police", "bilateral", "letter", "beyond_visits", "recommendation_follow_up", 130, "Reminder of answers that are due.", "disagreement", "the directorate sees no duty to answer in writing"),
    ("interior", "inter_institutional_roundtable", "in_person", "beyond_visits", "law_and_policy", 240, "Draft law on police custody.", "agreement", "the NPM is consulted before the second reading"),
    ("justice", "bilateral", "in_person", "beyond_visits", "law_and_policy", 180, "Alternatives to pre-trial detention.", "solution", "a pilot in two regions"),
    ("finance", "bilateral", "in_person", "beyond_visits", "npm_budget", 200, "Budget of the NPM for the next two years.", "agreement", "a separate budget line is kept"),
    ("health", "training", "in_person", "beyond_visits", "technical_assistance", 100, "Training on the documentation of injuries.", "good_practice", "one form for all emergency wards"),
    ("psychiatric-services", "bilateral", "online", "after_visit", "visit_closing", 95, "Means of restraint and their register.", "commitment", "a register in every hospital"),
    ("parliament", "public_hearing", "in_person", "beyond_visits", "mandate_introduction", 260, "The annual report before the committee.", "agreement", "a debate in plenary once a year"),
    ("immigration", "bilateral", "phone", "beyond_visits", "thematic", 45, "Interpreters at the removal centres.", "challenge", "three languages are missing"),
    ("juvenile-justice", "closing_talk", "in_person", "during_visit", "visit_closing", 75, "Isolation of young people.", "agreement", "no isolation at night"),
    ("ombudsperson", "bilateral", "in_person", "beyond_visits", "coordination", 300, "How complaints are passed on.", "agreement", "through the partner's system, under the memorandum"),
    ("civil-society-partner", "bilateral", "in_person", "beyond_visits", "coordination", 160, "What the organisation hears from families.", "agreement", "a meeting each quarter"),
    ("social", "bilateral", "email", "beyond_visits", "recommendation_follow_up", 30, "Answers on homes for older persons.", "agreement", "answers come through the social boards"),
    ("territorial", "bilateral", "in_person", "beyond_visits", "mandate_introduction", 350, "First meeting.", "agreement", "the councils are told of the mandate"),
)  # fmt: skip


def contacts(today: date) -> list[Row]:
    """Give the people to talk to, with what their institution has designated them for."""
    since = str(today - timedelta(days=500))
    named = people(len(_CONTACTS), dice("contacts"))
    return [
        {
            "authority_id": institution_id(key),
            "name": name,
            "post": post,
            "contact_level": level,
            "channels": [{"kind": "email", "value": f"{name.lower().replace(' ', '.')}@{key}.example"}],
            "designations": [{"kind": designated, "since": since}] if designated else [],
        }
        for (key, post, level, designated), name in zip(_CONTACTS, named, strict=True)
    ]


def engagements(today: date) -> list[Row]:
    """Give the log of the last twelve months, the oldest first."""
    listed = sorted(enumerate(_TALKS, start=1), key=lambda each: -each[1][5])
    return [_engagement(number, talk, today) for number, talk in listed]


def _engagement(number: int, talk: tuple[str, str, str, str, str, int, str, str, str], today: date) -> Row:
    key, form, channel, timing, purpose, ago, summary, outcome, text = talk
    is_promise = outcome == "commitment"
    kept = today - timedelta(days=ago - 60) if is_promise and number % 2 else None
    return {
        "action": "log",
        "format": form,
        "channel": channel,
        "timing": timing,
        "purposes": [purpose],
        "held_on": str(today - timedelta(days=ago)),
        "counterpart_ids": [institution_id(key)],
        "participant_ids": [ids.HEAD, ids.MEMBER] if number % 2 else [ids.DEPUTY_HEAD],
        "agenda_set_by": "npm" if number % 3 else "both",
        "summary": summary,
        "outcomes": [
            {
                "kind": outcome,
                "text": text,
                "due_on": str(today - timedelta(days=ago - 90)) if is_promise else None,
                "kept_on": str(kept) if kept else None,
                "with_id": institution_id(key) if is_promise else None,
            }
        ],
    }


def mous(today: date) -> list[Row]:
    """Give the memoranda with the two partners that send complaints in; their ids stand on the access page."""
    begun, ends = str(today - timedelta(days=540)), str(today + timedelta(days=560))
    return [
        {
            "row": row,
            "id": mou_id,
            "partner_id": partner_id,
            "title": f"Memorandum with the {name}",
            "purposes": ["referral", "information_exchange"],
            "objectives": "complaints reach whoever can best respond to them",
            "modalities": "through the partner's system, with the person's consent",
            "responsibilities": "each keeps its own files and answers to its own mandate",
            "limits": "neither instructs the other; visits are planned by the NPM alone",
            "confidentiality_clause": "sources are protected as in OPCAT Art. 21(2)",
            "status": "signed",
            "from_on": begun,
            "to_on": ends,
            "signed_on": begun,
            "review_due_on": str(today + timedelta(days=190)),
        }
        for row, mou_id, partner_id, name in (
            ("mou-ombudsperson", ids.OMBUDSPERSON_MOU, ids.OMBUDSPERSON, "Ombudsperson"),
            (
                "mou-childrens-commissioner",
                ids.CHILDRENS_COMMISSIONER_MOU,
                ids.CHILDRENS_COMMISSIONER,
                "Children's Commissioner",
            ),
        )
    ]
