import pytest

from leadspiders.campaigns.loader import load


@pytest.fixture(scope="module")
def marketers():
    return load("performance_marketers")


@pytest.fixture(scope="module")
def employers():
    return load("dpc_employers")


def test_marketers_look_for_ten_titles_in_nine_metros_and_six_kinds_of_company(marketers):
    target = marketers.target
    assert marketers.lead == "contact"
    assert target.titles == (
        "Performance Marketing Manager",
        "Paid Media Manager",
        "Digital Marketing Manager",
        "PPC Manager",
        "SEM Manager",
        "Marketing Operations Manager",
        "Growth Marketing Manager",
        "Customer Acquisition Manager",
        "Media Buyer",
        "Ad Operations Manager",
    )
    assert target.countries == ("United States",)
    assert target.metros == (
        "New York",
        "San Francisco",
        "Los Angeles",
        "Chicago",
        "Boston",
        "Seattle",
        "Austin",
        "Denver",
        "Atlanta",
    )
    assert target.company_types == ("e-commerce", "SaaS", "agency", "direct-to-consumer", "retail", "technology")
    assert target.states == target.naics == ()


def test_marketers_are_measured_by_volume_and_price(marketers):
    goals = marketers.goals
    assert (goals.leads, goals.hours, goals.per_hour, goals.sandbox_leads) == (20_000, 24, 834, 2_000)
    assert goals.cost_per_qualified_usd == 0.60
    assert goals.stored_within_minutes == 2
    assert marketers.budget.cap_usd == 10_000
    assert marketers.budget.per_lead_usd <= 0.60
    assert marketers.alerts.leads_per_hour_below == 700
    assert marketers.alerts.error_rate == 0.05


def test_marketers_are_qualified_by_quality_and_go_to_hubspot_when_ready(marketers):
    rule = marketers.scoring.qualify
    assert (rule.score, rule.at_least, rule.above, rule.email_not) == ("quality", 75, None, ("invalid",))
    assert {name: to.when for name, to in marketers.delivery.destinations.items() if to.enabled} == {"hubspot": "ready"}
    assert marketers.sources.enabled() == ("bls", "apollo")


def test_employers_have_50_to_1200_staff_and_three_to_five_decision_makers(employers):
    target = employers.target
    assert employers.lead == "company"
    assert target.titles == ("HR Director", "Benefits Manager", "CFO")
    assert target.employees is not None
    assert (target.employees.min, target.employees.max) == (50, 1200)
    assert target.contacts_per_company is not None
    assert (target.contacts_per_company.min, target.contacts_per_company.max) == (3, 5)
    assert target.states == target.naics == target.metros == ()


def test_employers_come_from_three_sources(employers):
    sources = employers.sources
    assert sources.enabled() == ("bls", "samgov", "apollo")
    assert (sources.bls.by, sources.bls.quarter, sources.bls.size_classes) == ("size", "1", ("5", "6", "7", "8", "9"))
    assert (sources.samgov.mode, sources.samgov.marketing_use_unknown) == ("pages", "keep")
    assert all(2 <= source.delay_seconds <= 10 for source in (sources.bls, sources.samgov, sources.apollo))


def test_employers_are_qualified_by_fit_and_cost_less_than_five_dollars(employers):
    rule, goals = employers.scoring.qualify, employers.goals
    assert (rule.score, rule.at_least, rule.above) == ("fit", None, 80)
    assert (goals.qualified_per_day, goals.qualified_per_week, goals.companies_per_hour) == (100, 500, 1_000)
    assert goals.cost_per_enriched_usd == 5
    assert employers.budget.per_lead_usd <= 5
    assert employers.delivery.destinations["pipedrive"].deals_above_fit == 80


@pytest.mark.parametrize("name", ["performance_marketers", "dpc_employers"])
def test_both_keep_what_the_rules_on_data_ask_for(name):
    campaign = load(name)
    assert campaign.retention.leads_days == 90
    assert campaign.retention.backup_days >= 7
    assert campaign.delivery.within_hours == 2
    assert len(campaign.scoring.variants) > 1


@pytest.mark.parametrize("name", ["performance_marketers", "dpc_employers"])
def test_every_provider_that_is_asked_has_a_price_and_a_cap(name):
    campaign = load(name)
    asked = {provider for order in campaign.providers.fields.values() for provider in order}
    assert asked <= set(campaign.budget.usd_per_credit)
    assert asked <= set(campaign.budget.credits)
