"""How many lists leads make that come one by one, and how often they are looked for."""

import pytest

from leadspiders.ops.plan_demand import Demand, Price
from leadspiders.ops.plan_quota import Quotas
from leadspiders.ops.plan_steps import by_api, gather_seconds, lists, purchases
from leadspiders.providers.dropcontact import Dropcontact
from leadspiders.providers.hunter import Hunter
from leadspiders.providers.neverbounce import NeverBounce
from leadspiders.rules.plan import Spread

NOBODY = Spread(0, 0, 0)
OFFERS = {"dropcontact": Dropcontact().offers(), "neverbounce": NeverBounce().offers()}


def demand(calls: dict[str, int] | None = None, **questions: float) -> Demand:
    asked = {name.replace("_", "/"): number for name, number in questions.items()}
    return Demand(asked=NOBODY, ready=NOBODY, new=0, costs=(), questions=asked, needed={}, rates="", calls=calls or {})


def called(seconds: float, gather: float, **questions: float) -> dict[str, int]:
    quotas = Quotas(declared={}, gaps={})
    gathers = {"dropcontact/enrichment": gather, "neverbounce/verify": gather}
    steps, _ = lists(OFFERS, quotas, demand(**questions), seconds, gathers)
    return by_api(steps)


@pytest.mark.parametrize(
    ("leads", "seconds", "gather", "calls"),
    [
        (0, 10, 1, 0),
        (10, 0, 1, 3),  # all at once: one list, handed in and looked for twice
        (600, 0, 1, 9),  # 250 in a list
        (4, 1_000, 0.25, 12),  # far apart: each by itself
        (20, 10, 0.5, 30),  # one comes while another waits
    ],
)
def test_a_list_waits_for_its_first_lead_then_gathers(leads: int, seconds: float, gather: float, calls: int) -> None:
    assert called(seconds, gather, dropcontact_enrichment=leads).get("dropcontact", 0) == calls


def test_a_few_addresses_make_no_list_at_neverbounce() -> None:
    assert called(1_000, 0.25, neverbounce_verify=10) == {"neverbounce": 2 + 2 * 4}


def test_an_offer_that_nobody_has_measured_is_planned_too(monkeypatch: pytest.MonkeyPatch) -> None:
    [offer] = Dropcontact().offers()
    monkeypatch.setattr(type(offer), "name", "another")
    quotas = Quotas(declared={}, gaps={})
    steps, _ = lists({"dropcontact": [offer]}, quotas, demand(dropcontact_another=10), 0, {"dropcontact/another": 1.0})
    assert by_api(steps) == {"dropcontact": 1 + 3}


@pytest.mark.parametrize(("cap", "seconds"), [(5.0, 0.25), (0.01, 0.005), (1_000.0, 1.25)])
def test_leads_gather_as_long_as_a_call_that_the_cap_allows_is_worth(cap: float, seconds: float) -> None:
    """250 to a call, of 10 cents each: for 5 dollars there are 50."""
    [offer] = Dropcontact().offers()
    price = Price(credits_each=1.0, usd_per_credit=0.1)
    assert gather_seconds(offer, price, per_call_usd=cap, longest=2.0) == pytest.approx(seconds)


def test_they_gather_no_longer_than_the_installation_says() -> None:
    [offer] = NeverBounce().offers()
    price = Price(credits_each=1.0, usd_per_credit=0.0)
    assert gather_seconds(offer, price, per_call_usd=5.0, longest=2.0) == 2.0


def test_who_is_asked_again_takes_more_calls_than_questions() -> None:
    quotas = Quotas(declared={}, gaps={})
    asked = demand({"hunter/verify": 33}, hunter_find=18, hunter_verify=27)
    assert by_api(purchases({"hunter": Hunter().offers()}, quotas, asked)) == {"hunter": 18 + 33}
