import pytest

from leadspiders.campaigns.loader import load
from leadspiders.campaigns.weights import Place
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.fit_place import place

MARKETERS = load("performance_marketers")
EMPLOYERS = load("dpc_employers")
WEIGHTS = Place(cap=20, unknown=1, target=10, other=2, metros={"New York": 20}, states={"OH": 15, "NY": 5})


@pytest.mark.parametrize(
    ("where", "points"),
    [
        ({"metro": "New York", "state": "NY", "country": "United States"}, 20),
        ({"metro": "Boston", "state": "MA", "country": "United States"}, 10),
        ({"state": "OH", "country": "United States"}, 15),
        ({"state": "NY", "country": "United States"}, 10),
        ({"state": "TX"}, 10),
        ({"country": "United States"}, 10),
        ({"country": "Canada"}, 2),
        ({"state": "ON", "country": "Canada"}, 2),
        ({}, 1),
        ({"city": "Springfield"}, 1),
    ],
)
def test_the_best_of_metro_state_and_country_counts(where, points):
    assert place(Company(**where), None, WEIGHTS, EMPLOYERS)[0] == points


def test_a_campaign_for_people_looks_at_the_person_one_for_employers_at_the_employer():
    company, contact = Company(state="OH"), Contact(metro="New York", state="NJ")
    assert place(company, contact, WEIGHTS, MARKETERS) == (20, 20, "New York, NJ")
    assert place(company, contact, WEIGHTS, EMPLOYERS) == (15, 20, "OH")


def test_the_other_place_counts_where_the_first_is_not_known():
    assert place(Company(state="OH"), Contact(), WEIGHTS, MARKETERS)[0] == 15
    assert place(Company(), Contact(state="OH"), WEIGHTS, EMPLOYERS)[0] == 15


def test_a_state_outside_the_target_is_another_place():
    target = EMPLOYERS.target.model_copy(update={"states": ("TX",)})
    campaign = EMPLOYERS.model_copy(update={"target": target})
    assert place(Company(state="TX"), None, WEIGHTS, campaign)[0] == 10
    assert place(Company(state="CA"), None, WEIGHTS, campaign)[0] == 2
