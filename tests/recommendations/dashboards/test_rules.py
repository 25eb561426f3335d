"""Formula F5: the example of the formula page, and the edges of every count."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.recommendations.dashboards import rules
from services.recommendations.dashboards.rules import Asked, Finding, FollowedUp, Period, Rate

AS_OF = date(2026, 11, 2)
YEAR = Period(from_on=date(2026, 1, 1), to_on=date(2026, 12, 31))
PAST = date(2026, 6, 1)


def followed(status: str | None = None, **fields: object) -> FollowedUp:
    """Make a recommendation in follow-up, assessed as `status` from other evidence."""
    findings = (Finding(on=PAST, status=status, has_other_evidence=True),) if status else ()
    made = FollowedUp(id="R", state="in_follow_up", findings=findings, last_event_on=AS_OF)
    return replace(made, **fields)  # type: ignore[arg-type]


def by_word(status: str) -> FollowedUp:
    """Make a recommendation assessed on the authority's answer alone."""
    return followed(findings=(Finding(on=PAST, status=status),))


def asked(days: int, *, due_days: int, open_still: bool = False, position: str | None = None) -> Asked:
    """Make an addressee who answered after `days`, or who is still silent after `days` on AS_OF."""
    on = AS_OF - timedelta(days=days) if open_still else PAST
    answered_on = None if open_still else on + timedelta(days=days)
    return Asked(asked_on=on, due_on=on + timedelta(days=due_days), answered_on=answered_on, position=position)


EXAMPLE = [
    followed("implemented", claimed_implemented=True),
    followed("implemented", claimed_implemented=True),
    followed("implemented"),
    followed("partially_implemented", claimed_implemented=True),
    followed("partially_implemented"),
    followed("in_progress", claimed_implemented=True),
    by_word("not_implemented"),
    by_word("regressed"),
    followed("not_assessable"),
    followed(None, implementation_due=AS_OF + timedelta(days=90)),
    followed("no_longer_applicable"),
]
ANSWERS = [
    *[asked(days, due_days=42, position="accepted") for days in (10, 20, 30)],
    *[asked(days, due_days=42, position="accepted_in_part") for days in (40, 50)],
    asked(60, due_days=42, position="rejected"),
    *[asked(days, due_days=42, open_still=True) for days in (75, 90, 120)],
]


def computed(recs: list[FollowedUp]) -> rules.Implementation:
    """Compute the example's period."""
    return rules.implementation(recs, period=YEAR, as_of=AS_OF)


@pytest.mark.requirement("R-R79")
def test_the_example_of_the_formula_page() -> None:
    result = computed(EXAMPLE)

    assert (result.counted, result.assessable) == (10, 8)
    assert result.implementation_rate == Rate(4.0, 8)
    assert result.implementation_rate.value == pytest.approx(0.5)
    assert result.strict_rate.value == pytest.approx(0.375)
    assert result.verified_share == Rate(6, 8)
    assert result.claim_gap == Rate(2, 4)
    assert result.regressed == 1


def test_the_answers_of_the_formula_page() -> None:
    result = rules.responses(ANSWERS, as_of=AS_OF)

    assert result.due == 9
    assert result.response_rate.value == pytest.approx(0.667, abs=0.0005)
    assert result.on_time == Rate(4, 9)
    assert result.on_time.value == pytest.approx(0.444, abs=0.0005)
    assert result.median_days_to_response == 50
    assert result.acceptance == Rate(4.0, 6)


def test_nothing_divided_by_nothing_is_no_value() -> None:
    assert computed([]).implementation_rate.value is None
    assert rules.responses([], as_of=AS_OF).median_days_to_response is None


@pytest.mark.parametrize("state", ["draft", "approved", "transmitted", "withdrawn", "dropped"])
def test_only_what_is_followed_up_counts(state: str) -> None:
    assert computed([followed("implemented", state=state)]).counted == 0


@pytest.mark.parametrize(
    ("closed_on", "counts"),
    [(date(2026, 1, 1), 1), (date(2026, 12, 31), 1), (date(2025, 12, 31), 0), (date(2027, 1, 1), 0), (None, 0)],
)
def test_closed_ones_count_in_the_period_they_were_closed_in(closed_on: date | None, counts: int) -> None:
    assert computed([followed("implemented", state="closed", closed_on=closed_on)]).counted == counts


@pytest.mark.parametrize(("days", "assessable"), [(-1, 1), (0, 0), (1, 0)])
def test_an_unassessed_one_is_assessable_once_its_date_has_passed(days: int, assessable: int) -> None:
    rec = followed(None, implementation_due=AS_OF + timedelta(days=days))

    assert computed([rec]).assessable == assessable


def test_the_latest_finding_by_the_day_holds() -> None:
    rec = followed(
        findings=(
            Finding(on=date(2026, 3, 1), status="implemented"),
            Finding(on=date(2026, 9, 1), status="regressed"),
            Finding(on=AS_OF + timedelta(days=1), status="implemented"),
        )
    )

    assert rec.status(AS_OF) == "regressed"
    assert rec.status(date(2026, 8, 31)) == "implemented"
    assert rec.status(date(2026, 2, 28)) is None


@pytest.mark.requirement("R-R25")
def test_a_claim_alone_is_never_counted_as_implemented() -> None:
    rec = followed(None, claimed_implemented=True, implementation_due=PAST)

    result = computed([rec])

    assert result.strict_rate == Rate(0, 1)
    assert result.claim_gap == Rate(0, 0)


@pytest.mark.parametrize(("days", "stalled"), [(179, 0), (180, 1)])
def test_180_days_without_an_event_are_stalled(days: int, stalled: int) -> None:
    assert computed([followed("in_progress", last_event_on=AS_OF - timedelta(days=days))]).stalled == stalled


def test_obstacles_and_causes_are_counted() -> None:
    recs = [
        followed("in_progress", obstacles=frozenset({"law", "staffing"}), root_cause_level="law"),
        followed(None, obstacles=frozenset({"law"}), root_cause_level="law"),
        followed("implemented"),
    ]

    result = computed(recs)

    assert result.by_obstacle == {"law": 2, "staffing": 1}
    assert result.by_root_cause_level == {"law": 2}
    assert result.by_status == {"in_progress": 1, "unassessed": 1, "implemented": 1}


def test_who_is_neither_due_nor_answered_is_not_counted() -> None:
    open_still = Asked(asked_on=PAST, due_on=AS_OF + timedelta(days=1))

    assert rules.responses([open_still], as_of=AS_OF).due == 0
    assert rules.responses([replace(open_still, due_on=AS_OF)], as_of=AS_OF).due == 1
    assert rules.responses([replace(open_still, answered_on=AS_OF)], as_of=AS_OF).response_rate == Rate(1, 1)


def test_an_answer_after_the_day_looked_at_does_not_count_yet() -> None:
    one = Asked(asked_on=PAST, due_on=PAST, answered_on=AS_OF + timedelta(days=1))

    result = rules.responses([one], as_of=AS_OF)

    assert result.response_rate == Rate(0, 1)
    assert result.median_days_to_response == (AS_OF - PAST).days


@pytest.mark.parametrize(
    ("days", "band"),
    [(1, "1-30"), (30, "1-30"), (31, "31-90"), (90, "31-90"), (91, "91-180"), (180, "91-180"), (181, ">180")],
)
def test_overdue_ones_age_in_bands(days: int, band: str) -> None:
    ageing = rules.overdue_ageing([AS_OF - timedelta(days=days)], as_of=AS_OF)

    assert ageing[band] == 1
    assert sum(ageing.values()) == 1


def test_what_is_due_today_does_not_age() -> None:
    assert sum(rules.overdue_ageing([AS_OF], as_of=AS_OF).values()) == 0


def test_quarters_end_inside_the_period() -> None:
    assert rules.quarter_ends(Period(from_on=date(2025, 12, 31), to_on=date(2026, 6, 29))) == (
        date(2025, 12, 31),
        date(2026, 3, 31),
    )


@pytest.mark.requirement("R-R37")
def test_the_trend_follows_the_year_of_publication() -> None:
    first = followed(
        published_on=date(2025, 5, 1),
        findings=(Finding(on=date(2026, 2, 1), status="implemented"),),
        implementation_due=date(2025, 8, 1),
    )
    second = followed("implemented", published_on=date(2026, 5, 1))
    period = Period(from_on=date(2025, 10, 1), to_on=date(2026, 12, 31))

    points = rules.trend([first, second, followed("implemented")], period=period, as_of=AS_OF)

    assert [(point.cohort, point.quarter, point.implementation_rate) for point in points] == [
        (2025, "2025-Q4", Rate(0.0, 1)),
        (2025, "2026-Q1", Rate(1.0, 1)),
        (2025, "2026-Q2", Rate(1.0, 1)),
        (2025, "2026-Q3", Rate(1.0, 1)),
        (2026, "2026-Q1", Rate(0.0, 0)),
        (2026, "2026-Q2", Rate(1.0, 1)),
        (2026, "2026-Q3", Rate(1.0, 1)),
    ]
