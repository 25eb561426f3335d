"""The third wall as a declaration: which database role may do what with which rows and columns of a table.

Policies and grants are laid anew from these declarations at the end of every migration run, inside its transaction,
so that what PostgreSQL enforces is what stands here; a catalogue test compares the two.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from shared.caller import EXCLUSIONS
from shared.roles import vocabulary

AUDIENCE_ROLES = ("npm", "expert", "authority", "partner", "public", "service", "worker")

#: The classes of callers who order operations, and see their own.
ORDERING_ROLES = ("npm", "expert", "authority", "partner")

#: SQL of who is asking, for use in policies. An empty setting means nobody.
ORGANISATION = "nullif(current_setting('a22.organisation', true), '')::uuid"
DEPARTMENT = "nullif(current_setting('a22.department', true), '')::uuid"
EXPERT = "nullif(current_setting('a22.expert', true), '')::uuid"
SUBJECT = "nullif(current_setting('a22.subject', true), '')"
CLIENT = "nullif(current_setting('a22.client', true), '')"
PERSON = "nullif(current_setting('a22.person', true), '')"
#: Set exactly when a caller of a known audience opened the transaction: without it nothing is readable.
SOMEBODY = "coalesce(current_setting('a22.roles', true), '') <> ''"


def has_role(*roles: str) -> str:
    """Write the condition that the caller holds one of these roles; role names are fixed words of ours."""
    named = ", ".join(f"'{role}'" for role in roles)
    return f"string_to_array(current_setting('a22.roles', true), ',') && ARRAY[{named}]"


def reaches(*scopes: str) -> str:
    """Write the condition that the caller's role carries one of these scopes of class npm; asked once in a statement.

    The roles are read from the table of scopes, so that what an operation refuses PostgreSQL does not show either.
    """
    known = vocabulary()
    return f"(SELECT {has_role(*sorted(role for role in known.classes['npm'] if known.roles[role] & set(scopes)))})"


#: Who works on the NPM's matters: not who runs the system, watches over processing or keeps identities (R-G14).
AT_WORK = reaches(
    "visits:places.read", "recommendations:recommendations.read", "complaints:patterns.read", "stakeholders:directory.read"
)  # fmt: skip


def takes_decision(scope: str) -> str:
    """Write the condition that a member whom the decision matrix names is about an operation of this decision.

    `a22.decisions` holds what the operation under way asks for, and not all that the caller may decide.
    """
    asked = f"'{scope}' = ANY(string_to_array(current_setting('a22.decisions', true), ','))"
    return f"{has_role('member')} AND {asked}"


#: What the caller is kept from, by a conflict, or as a secondee by the origin. Visits stand for every matter: cases too.
EXCLUDED_AUTHORITIES = "string_to_array(coalesce(current_setting('a22.excluded_authorities', true), ''), ',')"
EXCLUDED_PLACES = "string_to_array(coalesce(current_setting('a22.excluded_places', true), ''), ',')"
EXCLUDED_VISITS = "string_to_array(coalesce(current_setting('a22.excluded_visits', true), ''), ',')"
EXCLUDED_PERSONS = "string_to_array(coalesce(current_setting('a22.excluded_persons', true), ''), ',')"
_NAMES = "concat(" + ", ".join(f"current_setting('a22.{name}', true)" for name in EXCLUSIONS) + ")"
#: Kept from nothing: asked once in a statement, not once for a row.
KEPT_FROM_NOTHING = f"(SELECT {_NAMES} = '' AND NOT {has_role('secondee')})"


@dataclass(frozen=True, kw_only=True)
class Policy:
    """One row policy of one role: which rows it reaches (`using`), and which it may write (`check`)."""

    condition: str
    """Name of the object condition of the access table."""
    using: str
    check: str = "false"
    command: str = "ALL"
    is_restrictive: bool = False
    """Whether it takes away from what the other policies give, and gives nothing itself."""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """Column rights of one role. `"*"` means the whole table."""

    select: Sequence[str] = ()
    insert: Sequence[str] = ()
    update: Sequence[str] = ()
    delete: bool = False


EVERYTHING = Grant(select="*", insert="*", update="*", delete=True)
READ_AND_WRITE = Grant(select="*", insert="*", update="*")


@dataclass(frozen=True, kw_only=True)
class Protection:
    """The declared rights of one table; a role that is not named has none."""

    table: str
    grants: Mapping[str, Grant]
    policies: Mapping[str, Policy | tuple[Policy, ...]] = field(default_factory=dict)


def institution(*roles: str) -> Policy:
    """Write the usual policy of the npm role: who works on its matters (or holds one of `roles`) reads and writes."""
    held = has_role(*roles) if roles else AT_WORK
    return Policy(condition="institution", using=held, check=held)


def open_to(*scopes: str) -> Policy:
    """Write the policy of the npm role that whose role carries one of these scopes reads and writes."""
    return Policy(condition="institution", using=reaches(*scopes), check=reaches(*scopes))


def known_inside() -> Policy:
    """Write the policy of the npm role that everybody there reads and writes: nothing that anybody is kept from."""
    return Policy(condition="institution", using=SOMEBODY, check=SOMEBODY)


def apart_from(concerns: str) -> Policy:
    """Write the policy that keeps recused persons of the NPM from rows that concern what they are kept from.

    `concerns` is true for such a row. A secondee whose origin nobody knows reads nothing at all.
    """
    held = f"{KEPT_FROM_NOTHING} OR ((SELECT {_NAMES} <> '') AND ({concerns}) IS NOT TRUE)"
    return Policy(condition="institution", using=held, check=held, is_restrictive=True)


def is_excluded_authority(identity: str) -> str:
    """Write the condition that this id (uuid) is an authority that the caller is kept from."""
    return f"{identity}::text = ANY({EXCLUDED_AUTHORITIES})"


def is_any_excluded_authority(identities: str) -> str:
    """Write the condition that one of these ids (uuid[]) is an authority that the caller is kept from."""
    return f"{identities}::text[] && {EXCLUDED_AUTHORITIES}"


def is_excluded_matter(identity: str) -> str:
    """Write the condition that this id (uuid) is a visit or a case that the caller is kept from."""
    return f"{identity}::text = ANY({EXCLUDED_VISITS})"


def is_any_excluded_matter(identities: str) -> str:
    """Write the condition that one of these ids (uuid[]) is a visit or a case that the caller is kept from."""
    return f"{identities}::text[] && {EXCLUDED_VISITS}"


def is_unseen(identity: str, table: str) -> str:
    """Write the condition that this id is not among the rows of `table` that the caller sees: unknown is kept from too."""
    return f"{identity} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {table} seen WHERE seen.id = {identity})"  # noqa: S608 - fixed text


def is_any_unseen(identities: str, table: str) -> str:
    """Write the condition that one of these ids (uuid[]) is not among the rows of `table` that the caller sees."""
    return (
        f"EXISTS (SELECT 1 FROM unnest({identities}) AS named WHERE NOT EXISTS "  # noqa: S608 - fixed text
        f"(SELECT 1 FROM {table} seen WHERE seen.id = named))"
    )


def for_the_npm_alone(service: str, function: str) -> tuple[str, str]:
    """Write who may call a function that looks past policies, by name and argument types: the role of the NPM."""
    return (
        f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION {function} TO {service}_npm",
    )


def statements(service: str, protections: Iterable[Protection]) -> list[str]:
    """Write the SQL that lays policies and grants of one service's tables; run by the owner."""
    laid: list[str] = [*_system(service), *_queue(service)]
    for protection in protections:
        table = protection.table
        laid += _enforced(service, table)
        for role, declared in protection.policies.items():
            for number, policy in enumerate(declared if isinstance(declared, tuple) else (declared,)):
                laid.append(_policy(service, table, role, number, policy))
        laid += [text for role, grant in protection.grants.items() for text in _grants(service, table, role, grant)]
    return laid


def _enforced(service: str, table: str) -> list[str]:
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        f'CREATE POLICY owner_all ON "{table}" TO {service}_owner USING (true) WITH CHECK (true)',
        f'CREATE POLICY worker_all ON "{table}" TO {service}_worker USING (true) WITH CHECK (true)',
    ]


def _policy(service: str, table: str, role: str, number: int, policy: Policy) -> str:
    name = f"{role}_{policy.condition}_{number}"
    using = f" USING ({policy.using})" if policy.command != "INSERT" else ""
    check = f" WITH CHECK ({policy.check})" if policy.command in ("ALL", "INSERT", "UPDATE") else ""
    kind = "RESTRICTIVE" if policy.is_restrictive else "PERMISSIVE"
    return f'CREATE POLICY {name} ON "{table}" AS {kind} FOR {policy.command} TO {service}_{role}{using}{check}'


def _grants(service: str, table: str, role: str, grant: Grant) -> list[str]:
    given = []
    for verb in ("select", "insert", "update"):
        columns = getattr(grant, verb)
        if not columns:
            continue
        listed = "" if columns == "*" else " (" + ", ".join(f'"{column}"' for column in columns) + ")"
        given.append(f'GRANT {verb.upper()}{listed} ON "{table}" TO {service}_{role}')
    if grant.delete:
        given.append(f'GRANT DELETE ON "{table}" TO {service}_{role}')
    return given


def _system(service: str) -> list[str]:
    """Rights on the queue of the journal, idempotency, inbox and clock, alike in every service."""
    laid = [text for table in ("journal_queue", "idempotency", "inbox") for text in _enforced(service, table)]
    for role in AUDIENCE_ROLES:
        who = f"{service}_{role}"
        laid += [
            f"GRANT INSERT (id, action, subject_id, confidentiality, leaves, payload, occurred_on) ON journal_queue TO {who}",
            # the day is asked for once in a statement, not once in a row, and can be no other
            f"CREATE POLICY {role}_writes ON journal_queue FOR INSERT TO {who} WITH CHECK (occurred_on = (SELECT a22_today()))",
            f"GRANT SELECT ON clock_offset TO {who}",
        ]
        if role in ("public", "worker"):
            continue
        laid += [
            f"GRANT SELECT, INSERT, UPDATE ON idempotency TO {who}",
            f"CREATE POLICY {role}_own ON idempotency TO {who} USING (caller = {SUBJECT}) WITH CHECK (caller = {SUBJECT})",
        ]
    laid += [f"GRANT EXECUTE ON FUNCTION next_number(text) TO {service}_npm, {service}_worker"]
    worker, inner = f"{service}_worker", f"{service}_service"
    return [
        *laid,
        f"GRANT SELECT, DELETE ON journal_queue TO {worker}",
        f"GRANT SELECT, INSERT, UPDATE ON inbox TO {worker}",
        f"GRANT INSERT, UPDATE ON clock_offset TO {inner}",
    ]


def _queue(service: str) -> list[str]:
    """Rights on the queue: the worker runs it; whoever orders an operation may put that one into it, and reads nothing."""
    worker = f"{service}_worker"
    ordering = ", ".join(f"{service}_{role}" for role in ORDERING_ROLES)
    return [
        "REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA jobs FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA jobs TO {worker}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO {worker}",
        f"REVOKE ALL ON jobs.applied FROM {worker}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA jobs TO {worker}",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA jobs TO {worker}",
        "REVOKE EXECUTE ON FUNCTION order_operation(uuid) FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION order_operation(uuid) TO {ordering}",
    ]
