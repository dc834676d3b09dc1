import pytest

from leadspiders.campaigns.loader import load
from leadspiders.items.company import Company
from leadspiders.rules.risk import industry_risk

EMPLOYERS = load("dpc_employers")


@pytest.mark.parametrize(
    ("code", "risk"),
    [("541611", "low"), ("562111", "high"), ("561320", "medium"), ("332710", "medium"), (None, None), ("92", None)],
)
def test_the_longest_listed_prefix_says_the_risk(code, risk):
    assert industry_risk(Company(naics_code=code), EMPLOYERS) == risk


def test_a_campaign_that_lists_no_risk_says_none():
    assert industry_risk(Company(naics_code="541611"), load("performance_marketers")) is None
