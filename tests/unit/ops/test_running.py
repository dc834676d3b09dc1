import pytest

from leadspiders.ops.running import Running, goal_of


@pytest.mark.parametrize(("all_sandbox", "goal"), [(True, "sandbox_leads"), (False, "leads")])
def test_a_rehearsal_is_measured_by_its_own_goal(campaign, all_sandbox, goal):
    assert goal_of(campaign, Running(1.0, all_sandbox, some_sandbox=True)) == getattr(campaign.goals, goal)
