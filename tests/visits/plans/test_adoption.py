"""What is missing before a plan is consulted on, finalised, adopted or evaluated, by its kind."""

from dataclasses import replace
from datetime import date

import pytest

from services.visits.plans.rules.adoption import (
    Activity,
    Indicator,
    Objective,
    PlanContent,
    PlanGap,
    PlanWarning,
    adoption_gaps,
    consultation_gaps,
    evaluation_gaps,
    finalising_gaps,
    months_covered,
    planning_warnings,
)
from services.visits.plans.rules.status import ActivityKind, PlanKind

INDICATOR = Indicator(baseline=0, target=10, source="registers", frequency="yearly")
OBJECTIVE = Objective(text="Fewer restraints", rationale="most findings", indicators=(INDICATOR,), has_assumptions=True)
STRATEGIC = PlanContent(
    kind=PlanKind.STRATEGIC,
    from_on=date(2026, 1, 1),
    to_on=date(2029, 12, 31),
    mission="mission",
    vision="vision",
    principles=("do no harm",),
    mandate_text="mandate",
    legal_basis="Act 12",
    is_risk_analysis_frozen=True,
    objectives=(OBJECTIVE,),
    internal_author_ids=frozenset({"author"}),
    team_sessions=1,
    outside_consultations=1,
)
ACTIVITY = Activity(
    title="Visit prisons",
    kind=ActivityKind.VISIT,
    objective_id="o1",
    owner_ids=frozenset({"owner"}),
    has_dates=True,
    has_budget=True,
    days=10,
)
DIALOGUE = replace(ACTIVITY, title="Meet ministries", kind=ActivityKind.DIALOGUE)
OPERATIONAL = PlanContent(
    kind=PlanKind.OPERATIONAL,
    from_on=date(2026, 1, 1),
    to_on=date(2026, 12, 31),
    objective_ids=frozenset({"o1"}),
    activities=(ACTIVITY, DIALOGUE),
    internal_author_ids=frozenset({"author"}),
    team_sessions=1,
    outside_consultations=1,
    available_days=100,
    reserve_days=10,
)
PRELIMINARY = replace(
    OPERATIONAL,
    kind=PlanKind.PRELIMINARY,
    activities=tuple(
        Activity(title=kind.label, kind=kind, days=5)
        for kind in (
            ActivityKind.VISIT,
            ActivityKind.TRAINING,
            ActivityKind.REPORT,
            ActivityKind.INSTITUTIONAL_DEVELOPMENT,
            ActivityKind.STRATEGY_PREPARATION,
        )
    ),
)


def gaps(plan: PlanContent) -> list[PlanGap]:
    return [shortfall.gap for shortfall in adoption_gaps(plan)]


@pytest.mark.parametrize("plan", [STRATEGIC, OPERATIONAL, PRELIMINARY, replace(PRELIMINARY, kind=PlanKind.INTERIM)])
def test_a_complete_plan_can_be_adopted(plan: PlanContent) -> None:
    assert gaps(plan) == []


@pytest.mark.requirement("R-V16")
@pytest.mark.parametrize(
    ("change", "gap"),
    [
        ({"mission": ""}, PlanGap.MISSION),
        ({"vision": ""}, PlanGap.VISION),
        ({"principles": ()}, PlanGap.PRINCIPLES),
        ({"mandate_text": ""}, PlanGap.MANDATE),
        ({"legal_basis": ""}, PlanGap.LEGAL_BASIS),
        ({"is_risk_analysis_frozen": False}, PlanGap.RISK_ANALYSIS),
        ({"objectives": ()}, PlanGap.OBJECTIVES),
    ],
)
def test_a_strategy_says_who_we_are_and_where_we_go(change: dict[str, object], gap: PlanGap) -> None:
    assert gaps(replace(STRATEGIC, **change)) == [gap]  # type: ignore[arg-type]
    assert gaps(replace(OPERATIONAL, **change)) == []  # type: ignore[arg-type]


@pytest.mark.requirement("R-V21", "R-V22")
@pytest.mark.parametrize(
    "indicator",
    [
        replace(INDICATOR, baseline=None),
        replace(INDICATOR, target=""),
        replace(INDICATOR, source=""),
        replace(INDICATOR, frequency=""),
    ],
)
def test_an_objective_says_how_we_will_know(indicator: Indicator) -> None:
    unmeasured = replace(STRATEGIC, objectives=(replace(OBJECTIVE, indicators=(indicator,)),))

    found = adoption_gaps(unmeasured)

    assert [(each.code, each.about) for each in found] == [("indicator", "Fewer restraints")]
    assert found[0].sentence.endswith("frequency: Fewer restraints")


@pytest.mark.requirement("R-V22")
def test_a_baseline_of_zero_is_a_baseline() -> None:
    assert INDICATOR.is_complete


@pytest.mark.requirement("R-V17")
def test_an_objective_without_a_reason_is_not_adopted() -> None:
    assert gaps(replace(STRATEGIC, objectives=(replace(OBJECTIVE, rationale=""),))) == [PlanGap.RATIONALE]


@pytest.mark.requirement("R-V42")
def test_a_plan_has_an_author_of_the_npm() -> None:
    assert gaps(replace(STRATEGIC, internal_author_ids=frozenset())) == [PlanGap.INTERNAL_AUTHOR]


@pytest.mark.requirement("R-V43")
def test_every_institution_signs_a_common_plan_off() -> None:
    common = replace(STRATEGIC, institution_ids=frozenset({"a", "b"}), signed_off_by=frozenset({"a"}))

    assert [(each.gap, each.about) for each in adoption_gaps(common)] == [(PlanGap.SIGN_OFF, "b")]


@pytest.mark.requirement("R-V25")
@pytest.mark.parametrize(
    ("to_on", "fits"),
    [
        (date(2026, 12, 30), False),
        (date(2026, 12, 31), True),
        (date(2027, 6, 30), True),
        (date(2027, 7, 1), False),
    ],
)
def test_a_preliminary_plan_runs_for_twelve_to_eighteen_months(to_on: date, fits: bool) -> None:
    assert (PlanGap.DURATION not in gaps(replace(PRELIMINARY, to_on=to_on))) == fits


@pytest.mark.requirement("R-V26", "R-V27")
@pytest.mark.parametrize("left_out", range(5))
def test_a_preliminary_plan_names_all_that_a_beginning_needs(left_out: int) -> None:
    activities = tuple(each for number, each in enumerate(PRELIMINARY.activities) if number != left_out)

    assert gaps(replace(PRELIMINARY, activities=activities)) == [PlanGap.ACTIVITY_KIND]


@pytest.mark.requirement("R-V27")
@pytest.mark.parametrize(("position", "needs_days"), list(enumerate([False, True, False, True, True])))
def test_building_the_institution_takes_time(position: int, needs_days: bool) -> None:
    activities = list(PRELIMINARY.activities)
    activities[position] = replace(activities[position], days=0)

    found = gaps(replace(PRELIMINARY, activities=tuple(activities)))

    assert found == ([PlanGap.ACTIVITY_KIND] if needs_days else [])


@pytest.mark.requirement("R-V29")
@pytest.mark.parametrize(
    ("change", "gap"),
    [
        ({"objective_id": None}, PlanGap.ACTIVITY_OBJECTIVE),
        ({"objective_id": "of another strategy"}, PlanGap.ACTIVITY_OBJECTIVE),
        ({"owner_ids": frozenset()}, PlanGap.ACTIVITY_OWNER),
        ({"has_dates": False}, PlanGap.ACTIVITY_DATES),
        ({"has_budget": False}, PlanGap.ACTIVITY_BUDGET),
    ],
)
def test_every_activity_of_a_year_has_objective_owner_dates_and_budget(change: dict[str, object], gap: PlanGap) -> None:
    activity = replace(ACTIVITY, **change)  # type: ignore[arg-type]

    assert gaps(replace(OPERATIONAL, activities=(activity, DIALOGUE))) == [gap]


def test_an_operational_plan_has_activities() -> None:
    assert gaps(replace(OPERATIONAL, activities=())) == [PlanGap.ACTIVITIES]


@pytest.mark.parametrize(
    ("from_on", "to_on", "expected"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), (12, 0)),
        (date(2024, 3, 1), date(2025, 2, 28), (12, 0)),
        (date(2026, 1, 15), date(2026, 2, 20), (1, 6)),
    ],
)
def test_a_period_counts_both_of_its_days(from_on: date, to_on: date, expected: tuple[int, int]) -> None:
    assert months_covered(from_on, to_on) == expected


def test_a_draft_is_shown_around_with_reasons_and_a_frozen_analysis() -> None:
    unreasoned = replace(STRATEGIC, objectives=(replace(OBJECTIVE, rationale=""),), is_risk_analysis_frozen=False)

    assert [each.gap for each in consultation_gaps(unreasoned)] == [PlanGap.RATIONALE, PlanGap.RISK_ANALYSIS]
    assert consultation_gaps(STRATEGIC) == ()
    assert consultation_gaps(OPERATIONAL) == ()


@pytest.mark.requirement("R-V42")
def test_the_team_sits_together_before_the_final_draft() -> None:
    assert [each.gap for each in finalising_gaps(replace(STRATEGIC, team_sessions=0))] == [PlanGap.TEAM_SESSION]
    assert finalising_gaps(STRATEGIC) == ()


def test_every_institution_comments_before_the_final_draft() -> None:
    common = replace(STRATEGIC, institution_ids=frozenset({"a", "b"}), commented_by=frozenset({"b"}))

    assert [(each.gap, each.about) for each in finalising_gaps(common)] == [(PlanGap.COMMENTS, "a")]


@pytest.mark.requirement("R-V24")
def test_an_evaluation_has_a_result_and_a_lesson_for_each_objective() -> None:
    done = replace(OBJECTIVE, result="met", lesson="begin earlier")

    assert evaluation_gaps((done,)) == ()
    assert [each.gap for each in evaluation_gaps((done, OBJECTIVE))] == [PlanGap.RESULT, PlanGap.LESSON]


@pytest.mark.parametrize(
    ("change", "warning"),
    [
        pytest.param(
            {"outside_consultations": 0},
            PlanWarning.NO_OUTSIDE_CONSULTATION,
            marks=pytest.mark.requirement("R-V39"),
        ),
        pytest.param({"activities": (ACTIVITY,)}, PlanWarning.NO_DIALOGUE, marks=pytest.mark.requirement("R-V38")),
        pytest.param({"reserve_days": 9.9}, PlanWarning.SMALL_RESERVE, marks=pytest.mark.requirement("R-V34")),
        pytest.param({"reserve_days": 80.1}, PlanWarning.OVER_CAPACITY, marks=pytest.mark.requirement("R-V35")),
        pytest.param(
            {"activities": (replace(DIALOGUE, days=1),) * 13},
            PlanWarning.TOO_MANY_ACTIVITIES,
            marks=pytest.mark.requirement("R-V35"),
        ),
        pytest.param(
            {"objectives": (replace(OBJECTIVE, has_assumptions=False),)},
            PlanWarning.NO_ASSUMPTIONS,
            marks=pytest.mark.requirement("R-V18"),
        ),
    ],
)
def test_what_is_unwise_is_told_and_stops_nothing(change: dict[str, object], warning: PlanWarning) -> None:
    unwise = replace(OPERATIONAL, **change)  # type: ignore[arg-type]

    assert planning_warnings(unwise) == (warning,)
    assert adoption_gaps(unwise) == ()


def test_a_wise_plan_gets_no_warning() -> None:
    assert planning_warnings(OPERATIONAL) == ()
    assert planning_warnings(replace(OPERATIONAL, activities=(replace(DIALOGUE, days=1),) * 12)) == ()
    assert planning_warnings(replace(OPERATIONAL, reserve_days=80)) == ()


def test_a_strategy_is_not_measured_in_days() -> None:
    assert planning_warnings(replace(STRATEGIC, available_days=100)) == ()
