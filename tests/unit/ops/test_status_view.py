import io

from rich.console import Console

from leadspiders.ops.status_view import aim_of, show


def shown(status, campaign, delivered):
    console = Console(width=60, file=io.StringIO())
    console.print(show(status, campaign, delivered, goal=2000, width=60))
    return console.file.getvalue()


def test_reasons_stand_under_the_picture_the_most_frequent_first(status, campaign, delivered):
    text = shown(status, campaign, delivered)

    places = [text.index(reason) for reason in ("out_of_target", "no_key", "unreadable_record", "value_too_long")]
    assert places == sorted(places)
    assert "the ledger adds up" in text


def test_a_ledger_that_does_not_add_up_is_said(status, campaign, delivered):
    assert "does NOT add up" in shown(status | {"balanced": False}, campaign, delivered)


def test_the_aim_carries_the_goals_and_caps_of_the_campaign(campaign):
    aim = aim_of(campaign, 2000)

    assert (aim.goal, aim.per_hour, aim.cap_usd) == (2000, campaign.goals.per_hour, campaign.budget.cap_usd)
    assert aim.credits == campaign.budget.credits
