"""The product keeps each habit of the house, and each checker sees a breach: a check that cannot fail judges nothing."""

import pytest

from deploy.command.requirements import CATALOGUE, read_catalogue
from tests.architecture import checkers
from tests.architecture.sources import Source, product, suite

USECASES = "services/visits/visits/usecases.py"
ROUTES = "services/visits/visits/routes.py"
RULES = "services/visits/visits/rules.py"
FROM_TABLES = "from services.visits.visits import tables\n"

BREACHES = [
    (checkers.files_are_short, USECASES, "\n" * 301),
    (checkers.functions_are_short, USECASES, "def plan():\n" + "    call()\n" * 40),
    (checkers.modules_say_what_they_are_for, USECASES, "x = 1\n"),
    (checkers.modules_say_what_they_are_for, "services/visits/__init__.py", ""),
    (checkers.transactions_end_in_one_place, USECASES, "async def plan(work): await work.session.commit()"),
    (checkers.transactions_end_in_one_place, "gateway/app.py", "session.rollback()"),
    (checkers.sql_stands_in_queries, USECASES, "select(Visit)"),
    (checkers.sql_stands_in_queries, "gateway/app.py", "sqlalchemy.select(Client)"),
    (checkers.sql_stands_in_queries, USECASES, "statement = 'SELECT id FROM visits'"),
    (checkers.sql_stands_in_queries, USECASES, "statement = '''\n  select id\n  from visits'''"),
    (checkers.sql_stands_in_queries, USECASES, "call('insert into visits values ($1)')"),
    (checkers.sql_stands_in_queries, USECASES, "call('UPDATE visits SET title = $1')"),
    (checkers.sql_stands_in_queries, USECASES, "call('set local role x; delete from visits')"),
    (checkers.sql_stands_in_queries, USECASES, "call(f'delete from {table}')"),
    (
        checkers.sql_stands_in_queries,
        USECASES,
        "call('WITH gone AS (DELETE FROM visits RETURNING id) SELECT id FROM gone')",
    ),
    (checkers.sql_is_never_built, "services/visits/visits/queries.py", "connection.execute(f'select {name}')"),
    (checkers.sql_is_never_built, "services/visits/visits/queries.py", "connection.fetch('select ' + name)"),
    (checkers.sql_is_never_built, "services/visits/visits/queries.py", "connection.fetchval('select %s' % name)"),
    (checkers.sql_is_never_built, "services/visits/visits/queries.py", "connection.fetchrow('select {}'.format(name))"),
    (checkers.sql_is_never_built, "services/visits/visits/queries.py", "session.exec(text(f'select {name}'))"),
    (checkers.sql_is_never_built, "shared/journal.py", "connection.execute(' '.join(parts))"),
    (checkers.clocks_are_read_in_shared, USECASES, "datetime.now(UTC)"),
    (checkers.clocks_are_read_in_shared, RULES, "datetime.date.today()"),
    (checkers.clocks_are_read_in_shared, "gateway/limits.py", "datetime.datetime.utcnow()"),
    (checkers.features_look_alike, "services/visits/visits/service.py", ""),
    (checkers.features_look_alike, "services/visits/visits/routes/everybody.py", ""),
    (checkers.features_look_alike, "services/visits/visits/parts/rules.py", ""),
    (checkers.rules_are_pure, RULES, "import sqlmodel"),
    (checkers.rules_are_pure, "services/visits/visits/rules/team.py", "from shared.db import Work"),
    (checkers.rules_are_pure, RULES, "from shared import db"),
    (checkers.rules_are_pure, RULES, "from services.visits.visits import queries"),
    (checkers.rules_are_pure, RULES, "from services.complaints.complaints.rules import ComplaintStatus"),
    (
        checkers.tables_are_not_answers,
        ROUTES,
        f"{FROM_TABLES}@router.get('', response_model=tables.Visit)\nasync def x() -> None: ...",
    ),
    (
        checkers.tables_are_not_answers,
        ROUTES,
        f"{FROM_TABLES}@router.post('')\nasync def x() -> list[tables.Visit]: ...",
    ),
    (
        checkers.tables_are_not_answers,
        ROUTES,
        "from services.visits.visits.tables import Visit as Row\n@router.get('')\nasync def x() -> Row: ...",
    ),
    (checkers.http_errors_stay_in_routes, USECASES, "raise HTTPException(404)"),
    (checkers.routes_and_dependencies_are_async, ROUTES, "def opened(): ...\nx = Depends(opened)"),
    (checkers.routes_and_dependencies_are_async, ROUTES, "@router.get('')\ndef list_visits(): ..."),
    (checkers.scopes_are_judged_in_one_place, USECASES, "if 'visits:plans.adopt' in work.caller.scopes: ..."),
    (checkers.scopes_are_judged_in_one_place, USECASES, "work.caller.scopes >= {'visits:plans.adopt'}"),
    (checkers.scopes_are_judged_in_one_place, ROUTES, "caller.scopes.issuperset(needed)"),
    (checkers.scopes_are_judged_in_one_place, "gateway/app.py", "needed.issubset(caller.scopes)"),
    (checkers.scopes_are_judged_in_one_place, "gateway/app.py", "left = needed - the_caller.scopes"),
    (checkers.scopes_are_judged_in_one_place, "shared/db.py", "any(x in self.caller.scopes for x in needed)"),
]

KEPT = [
    (checkers.functions_are_short, USECASES, "def plan():\n" + "    call()\n" * 39),
    (checkers.transactions_end_in_one_place, "shared/db.py", "connection.commit()"),
    (checkers.sql_stands_in_queries, "services/visits/visits/queries.py", "select(Visit)"),
    (checkers.sql_stands_in_queries, "shared/journal.py", "call('select 1 from journal')"),
    (checkers.sql_stands_in_queries, USECASES, '"""Select from the visits.\n\nselect x from y\n"""'),
    (checkers.sql_stands_in_queries, USECASES, "raise Conflict('an update of the set is not possible')"),
    (checkers.sql_is_never_built, "services/visits/visits/queries.py", "connection.fetch(STATEMENT, name)"),
    (checkers.sql_is_never_built, "shared/db.py", "connection.execute(f'set local role {role}')"),
    (checkers.clocks_are_read_in_shared, "shared/clock.py", "datetime.now(UTC)"),
    (checkers.features_look_alike, "services/visits/visits/routes/npm.py", ""),
    (checkers.features_look_alike, "services/visits/migrations/versions/0001_first.py", ""),
    (checkers.features_look_alike, "services/visits/reactions.py", ""),
    (
        checkers.rules_are_pure,
        RULES,
        "from datetime import date\nfrom shared.workflow import Workflow\nfrom shared import calendar",
    ),
    (checkers.rules_are_pure, RULES, "from services.visits.reports.rules import ReportStatus"),
    (checkers.rules_are_pure, RULES, "from services.visits.reports import rules as reports"),
    (
        checkers.rules_are_pure,
        "services/visits/visits/rules/team.py",
        "from services.visits.visits.rules.status import VisitStatus",
    ),
    (checkers.features_look_alike, "services/visits/visits/rules/team.py", ""),
    (checkers.features_look_alike, "services/visits/visits/schemas/expert.py", ""),
    (
        checkers.tables_are_not_answers,
        ROUTES,
        f"{FROM_TABLES}@router.post('', response_model=schemas.Visit)\nasync def plan_visit() -> tables.Visit: ...",
    ),
    (checkers.http_errors_stay_in_routes, "services/visits/visits/routes/npm.py", "raise HTTPException(404)"),
    (checkers.routes_and_dependencies_are_async, ROUTES, "async def opened(): ...\nx = Depends(opened)"),
    (checkers.scopes_are_judged_in_one_place, "shared/access.py", "if scope in caller.scopes: ..."),
    (checkers.scopes_are_judged_in_one_place, USECASES, "shown = sorted(work.caller.scopes)"),
]


@pytest.mark.parametrize("checker", checkers.CHECKERS, ids=lambda checker: checker.__name__)
def test_the_product_keeps_the_habit(checker: checkers.Checker) -> None:
    findings = [f"{source.path}:{line} {what}" for source in product() for line, what in checker(source)]

    assert not findings, f"{checker.__doc__}\n" + "\n".join(findings)


@pytest.mark.parametrize(("checker", "path", "text"), BREACHES)
def test_a_breach_is_seen(checker: checkers.Checker, path: str, text: str) -> None:
    assert list(checker(Source.of(path, text)))


@pytest.mark.parametrize(("checker", "path", "text"), KEPT)
def test_what_is_right_is_left_alone(checker: checkers.Checker, path: str, text: str) -> None:
    assert not list(checker(Source.of(path, text)))


def test_every_checker_has_a_breach() -> None:
    assert {checker for checker, *_ in BREACHES} == set(checkers.CHECKERS)


def test_migrations_may_be_long() -> None:
    source = Source.of("services/visits/migrations/versions/0001_first.py", "\n" * 301)

    assert not list(checkers.files_are_short(source))


def test_markers_name_rows_of_the_catalogue() -> None:
    known = {requirement.id for requirement in read_catalogue(CATALOGUE.read_text(encoding="utf-8"))}
    unknown = [
        f"{source.path}:{line} {found}"
        for source in suite()
        for line, found in checkers.marked_requirements(source)
        if found not in known
    ]

    assert not unknown


def test_a_marker_is_read() -> None:
    source = Source.of("tests/x.py", "@pytest.mark.requirement('R-V01', 'R-V02')\ndef test_x(): ...")

    assert [found for _, found in checkers.marked_requirements(source)] == ["R-V01", "R-V02"]
