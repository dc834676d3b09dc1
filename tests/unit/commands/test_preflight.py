from pathlib import Path

import pytest
from scrapy.settings import Settings

from leadspiders.campaigns.loader import load
from leadspiders.commands.preflight import connect, credential, providers
from leadspiders.errors import LeadspidersError, SetupError
from leadspiders.spiders.apollo import Apollo


def settings(**more: object) -> Settings:
    return Settings({"LEADS_URLS": {}, "LEADS_CREDENTIALS": {"apollo": ["k"]}, "LEADS_KEYS_PROBLEM": None} | more)


def apollo(known: Settings) -> Apollo:
    return Apollo.checked({"campaign": "performance_marketers"}, known)


def test_a_key_is_enough() -> None:
    credential(apollo(settings()), settings())


def test_a_keys_file_that_cannot_be_opened_stops_a_crawl_that_might_need_it() -> None:
    known = settings(LEADS_KEYS_PROBLEM="the keys file is damaged")
    with pytest.raises(SetupError, match="damaged"):
        credential(apollo(known), known)


def test_a_missing_key_is_named_with_both_ways_to_give_it() -> None:
    known = settings(LEADS_CREDENTIALS={"apollo": []})
    with pytest.raises(SetupError, match=r"APOLLO_API_KEY.*scrapy keys add apollo"):
        credential(apollo(known), known)


def test_what_is_asked_needs_a_price(tmp_path: Path) -> None:
    (tmp_path / "prices.toml").write_text("[[hunter]]\nfrom = 2026-01-01\nusd_per_credit = 0.05\n")
    campaign = load("performance_marketers")
    unpriced = campaign.model_copy(update={"budget": campaign.budget.model_copy(update={"usd_per_credit": {}})})
    known = settings()
    known.setmodule("leadspiders.settings")
    known.set("LEADS_PRICES", None)
    providers(unpriced, known)  # the package's list has a price for everybody
    known.set("LEADS_PRICES", str(tmp_path / "prices.toml"))
    with pytest.raises(SetupError, match=r"set budget\.usd_per_credit\.apollo "):
        providers(unpriced, known)
    providers(campaign, known)


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"LEADS_URLS_PROBLEM": "LEADS_APOLLO_URL is no address"}, "LEADS_APOLLO_URL"),
        ({"LEADS_KEYS_PROBLEM": "APOLLO_API_KEY: key 1 has a space"}, "APOLLO_API_KEY"),
        ({"LEADS_LIMITS": "sam_gov.default=0/86400"}, "LEADS_LIMITS"),
    ],
)
def test_the_environment_is_looked_at_before_anything_is_started(wrong: dict[str, str], word: str) -> None:
    with pytest.raises(LeadspidersError, match=word):
        connect(settings(**wrong))
