"""What goes out of a report, and who may fix its text."""

import pytest

from services.visits.reports.rules import contents

OPEN = {"id": "1", "heading": "Cells", "text": "Cold.", "author_id": "7", "holds_restricted": False}
NAMED = {"id": "2", "heading": "A case", "text": "Who it was.", "author_id": "7", "holds_restricted": True}


def test_what_is_frozen_names_no_author_and_no_person() -> None:
    assert contents.frozen_sections([OPEN, NAMED]) == [{"id": "1", "heading": "Cells", "text": "Cold."}]


def test_one_section_that_identifies_a_person_is_enough() -> None:
    assert contents.holds_restricted([OPEN, NAMED])
    assert not contents.holds_restricted([OPEN])


@pytest.mark.parametrize(("person", "is_second"), [("a", True), ("drafter", False), ("creator", False), ("", False)])
def test_nobody_approves_the_own_draft(person: str, *, is_second: bool) -> None:
    assert contents.is_second_person(person, {"drafter", "creator"}) is is_second
