"""Who may do what, in sentences that a lawyer can read: one for each operation of each audience, made from the access table.

Nothing is written by hand but the words for roles, conditions and flags; what is not in the table is not on the page.
"""

import html
from collections.abc import Iterable, Sequence

from gateway import documents
from shared.access import Operation, read_operation
from shared.openapi import METHODS
from shared.roles import vocabulary

#: The page loads nothing and sends nothing: no script, no style, no picture, no frame.
POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

_HEADINGS = {
    "npm": "People of the National Preventive Mechanism",
    "expert": "External experts",
    "authority": "Authorities",
    "partner": "Partner bodies",
    "public": "Everybody, without logging in",
}
ROLES = {
    "head": "the head",
    "member": "a member",
    "staff": "an employee",
    "secondee": "a seconded official",
    "complaints_officer": "a complaints officer",
    "vault_keeper": "a vault keeper",
    "data_protection_officer": "the data protection officer",
    "sysadmin": "who runs the system",
    "expert": "an expert in standing",
    "authority_official": "an official of the authority",
    "authority_focal_point": "the authority's focal point",
    "authority_validator": "the authority's validator",
    "partner_system": "a partner's system",
    "nhri_complaints": "the complaints department of the parent institution",
    "cso_partner": "a civil-society partner",
}
CONDITIONS = {
    "institution": "among what the institution keeps, but nothing that the person is shut out of",
    "team": "where the person has a role in the visit, and otherwise only what is finished",
    "begun_or_team": "for announced visits and those that have begun, and for any visit in which the person has a role",
    "author": "for what the person wrote or ordered",
    "assigned": "for complaints to which the person is assigned (the head: all), never where the person is complained of",
    "vault": "for persons of the own cases (the vault keeper and the head: all), never where the person is complained of",
    "spt": "within the compartment of the Subcommittee on Prevention",
    "expert_on_visit": "for visits on whose team the expert is, while contract, training, accreditation and dates hold and no "
    "conflict of interest stands against it",
    "addressed": "for what was sent to the own authority, and to the own department where one is named",
    "place_run": "for visits that have begun, at places that the authority runs",
    "own_entry": "for the own entry",
    "own_submission": "for what they sent in themselves",
    "package_recipient": "for packages addressed to them, while the agreement is in force",
    "sharing_record": "for what was expressly shared with them",
    "own_account": "for themselves",
    "published": "for what is published",
    "none": "",
}
_VERBS = {
    "get": "read the",
    "show": "see the",
    "list": "list the",
    "put": "replace the",
    "run": "order",
    "transition": "move on the",
}


def operations(*, with_development: bool) -> list[tuple[Operation, str]]:
    """Read every outward operation from the committed documents, with the line that its document says of it."""
    found = []
    for service in documents.SOURCES:
        for item in documents.committed(f"services/{service}")["paths"].values():
            for told in (item[method] for method in METHODS if method in item):
                row = read_operation(told["x-access"])
                if row.audience != "service" and not row.inside and (with_development or not row.development):
                    found.append((row, str(told["summary"])))
    return sorted(found, key=lambda each: each[0].operation)


def page(known: Iterable[tuple[Operation, str]]) -> str:
    """Write the page; every text in it is escaped."""
    rows = list(known)
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Article 22: who may do what</title></head><body>',
        "<h1>Who may do what</h1>",
        "<p>Made from the access table that the gateway, the services and the database obey. What is not said here is refused. "
        "A thing that somebody may not see answers as one that is not there.</p>",
    ]
    for audience, heading in _HEADINGS.items():
        parts.append(f'<h2 id="{audience}">{html.escape(heading)}</h2><ul>')
        parts += [_item(row, about) for row, about in rows if row.audience == audience]
        parts.append("</ul>")
    return "".join([*parts, "</body></html>"])


def _item(row: Operation, about: str) -> str:
    more = "".join(f"<li>{html.escape(action_sentence(row, number))}</li>" for number in range(len(row.actions)))
    listed = f"<ul>{more}</ul>" if more else ""
    return f'<li id="{html.escape(row.key)}">{html.escape(sentence(row))} <q>{html.escape(about)}</q>{listed}</li>'


def sentence(row: Operation) -> str:
    """Say who may do one operation, with what, and on which conditions."""
    verb, _, rest = row.operation.partition("_")
    does = f"{_VERBS[verb]} {rest}" if verb in _VERBS else row.operation
    said = f"{_who(row, row.scopes)} may {does.replace('_', ' ')} ({row.operation})"
    parts = [CONDITIONS[row.object], _while(row.states), *_flags(row)]
    return ", ".join([said, *(part for part in parts if part)]) + "."


def action_sentence(row: Operation, number: int) -> str:
    """Say who may take one action of a transitions route, and in which states."""
    action = row.actions[number]
    needed = tuple(dict.fromkeys((*row.scopes, *action.scopes)))
    said = f"{_who(row, needed)} may {action.action.replace('_', ' ')}"
    return ", ".join(part for part in (said, _while(action.states)) if part) + "."


def _who(row: Operation, scopes: Sequence[str]) -> str:
    if row.audience == "public":
        return "Anybody"
    words, needed = vocabulary(), set(scopes)
    if row.actions and not needed:
        needed = set(row.actions[0].scopes)
        every = [_holders(row.audience, set(each.scopes)) for each in row.actions]
        holders = [role for role in ROLES if any(role in held for held in every)]
    else:
        holders = _holders(row.audience, needed)
    named = [ROLES[role] for role in holders]
    beside = needed - words.decisions
    if needed & words.decisions and (not beside or "member" in _holders(row.audience, beside)):
        named.append("a member whom the decision matrix names")
    said = ", ".join(named[:-1]) + (" or " if len(named) > 1 else "") + named[-1] if named else "nobody yet"
    return said[0].upper() + said[1:]


def _holders(audience: str, scopes: set[str]) -> list[str]:
    words = vocabulary()
    return [role for role in ROLES if scopes and scopes <= words.scopes_of([role], audience_class=audience)]


def _while(states: Sequence[str]) -> str:
    named = [state.replace("_", " ") for state in states if state != "any"]
    return f"while it is {' or '.join(named)}" if named else ""


def _flags(row: Operation) -> list[str]:
    said = []
    if row.step_up:
        without = " and ".join(ROLES[role] for role in row.step_up_unless)
        said.append("after a strong login of the last ten minutes" + (f" ({without} without it)" if without else ""))
    if row.purpose:
        said.append("saying why")
    if row.journal_read:
        said.append("and each reading is journaled before anything is shown")
    if row.two_persons:
        said.append("where whoever proposed it does not decide it: a second person does")
    if row.bulk:
        said.append("many in one go")
    if row.export:
        is_npm = row.audience == "npm"
        said.append(
            "also as a whole file" + (", with the right to export and a strong login, journaled" if is_npm else "")
        )
    return said
