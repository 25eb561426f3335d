"""The rules of the NPM's own people."""

import pytest

from services.stakeholders.conflicts.rules import ConflictKind
from services.stakeholders.persons.rules import (
    EmployerKind,
    Employment,
    Found,
    InstitutionPersonKind,
    PersonProblem,
    conflicts_of_the_past,
    secondment_problems,
)


@pytest.mark.parametrize("kind", InstitutionPersonKind)
def test_a_secondee_has_an_origin_and_nobody_else_does(kind: InstitutionPersonKind) -> None:
    is_secondee = kind is InstitutionPersonKind.SECONDEE

    assert secondment_problems(kind, has_origin=is_secondee) == ()
    assert secondment_problems(kind, has_origin=not is_secondee) == (
        PersonProblem.SECONDMENT_MISSING if is_secondee else PersonProblem.NOT_SECONDED,
    )


def test_each_employer_and_the_origin_speak_for_a_conflict_once() -> None:
    place, authority = Employment(EmployerKind.PLACE, "p"), Employment(EmployerKind.AUTHORITY, "a")

    found = conflicts_of_the_past([place, authority, authority], origin_id="a")

    assert found == (
        Found(ConflictKind.FORMER_EMPLOYMENT_AT_PLACE, EmployerKind.PLACE, "p"),
        Found(ConflictKind.FORMER_ORGANISATION, EmployerKind.AUTHORITY, "a"),
    )
