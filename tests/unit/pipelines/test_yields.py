"""In which order offers stand for a lead: as listed, as learnt, or another one for a share of the leads."""

from types import SimpleNamespace
from typing import Any

import pytest

from leadspiders.campaigns.loader import load
from leadspiders.items.contact import Contact
from leadspiders.pipelines.yields import Yields
from leadspiders.providers.order import Question

LEAD = Contact(provider_key="apollo:1", full_name="Ada Example")
OFFERS: Any = [SimpleNamespace(provider="hunter", name="find"), SimpleNamespace(provider="dropcontact", name="find")]


def made(**said: Any) -> Yields:
    campaign = load("performance_marketers")
    providers = campaign.providers.model_copy(update=said)
    found = Yields(
        campaign.model_copy(update={"providers": providers}), {"hunter/find": 0.05, "dropcontact/find": 0.05}
    )
    for number in range(40):  # the second always finds, the first never
        for offer, brought in zip(OFFERS, ((), ("email",)), strict=True):
            question = Question(offer=offer, fields=("email",), token=str(number))
            found.note(question, found.place(LEAD), brought, 0.05, 0.1)
    return found


def firsts(yields: Yields, leads: int) -> list[str]:
    orders = [yields.order(LEAD, f"lead {number}") for number in range(leads)]
    return [(order("email", OFFERS) if order else OFFERS)[0].provider for order in orders]


@pytest.mark.parametrize(("learn", "first"), [(False, "hunter"), (True, "dropcontact")])
def test_the_list_is_the_order_unless_the_campaign_lets_it_be_learnt(learn: bool, first: str) -> None:
    assert set(firsts(made(learn=learn), 20)) == {first}


def test_a_share_of_the_leads_is_asked_in_another_order_and_always_the_same_ones() -> None:
    drawn = firsts(made(explore_share=0.3), 300)
    assert drawn == firsts(made(explore_share=0.3), 300)
    assert 50 < drawn.count("dropcontact") < 130
