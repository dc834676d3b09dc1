from leadspiders.campaigns.loader import load
from leadspiders.campaigns.summary import goal, summary


def test_the_goal_in_one_line():
    assert goal(load("performance_marketers")) == "20,000 leads in 24 hours, 834 an hour"


def test_the_summary_tells_what_a_manager_asks_first():
    told = dict(summary(load("dpc_employers")))
    assert told["one lead is"] == "an employer with its decision makers"
    assert told["companies"] == "all types; 50 to 1,200 staff; NAICS: all"
    assert told["sources"] == "bls, samgov, apollo"
    assert told["qualified"] == "fit above 80"
    assert told["delivered to"] == "hubspot when qualified"
    assert told["may cost"].startswith("$10,000.00 in all, $500.00 a day, $5.00 a lead; apollo 40,000 credits")


def test_a_bar_of_quality_names_the_ruled_out_addresses():
    assert dict(summary(load("performance_marketers")))["qualified"] == "quality at least 75, e-mail not invalid"
