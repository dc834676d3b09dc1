from decimal import Decimal

from leadspiders.items.company import Company
from leadspiders.stores.postgres import figures, runs, spend
from leadspiders.stores.postgres.leads import select_leads
from leadspiders.stores.postgres.status import ready_leads, status
from leadspiders.stores.postgres.writer import Refusal

KEYS = [
    "campaign",
    "seen",
    "stored",
    "merged",
    "refused",
    "parked",
    "suppressed",
    "pending",
    "balanced",
    "leads",
    "companies",
    "cells",
    "quality_avg",
    "duplicate_rate",
    "rate_per_hour",
    "spend_usd",
    "credits",
    "errors",
    "workers",
    "incidents",
    "sources",
]
LEADS = ["total", "identified", "enriched", "ready", "qualified", "with_email", "email_verified", "company_complete"]


def test_an_empty_campaign_has_all_figures(using):
    figures_ = using(status, "spring")
    assert list(figures_) == KEYS
    assert list(figures_["leads"]) == LEADS
    assert figures_["balanced"]
    assert (figures_["seen"], figures_["rate_per_hour"], figures_["quality_avg"]) == (0, 0.0, None)


def test_the_figures_are_those_of_the_campaign(using, crawl, write, person, scores):
    async def work(database):
        masked = person(2, email=None, email_status=None, lead_state="identified", scores=scores(40, qualified=False))
        risky = person(3, email_status="risky", lead_state="enriched")
        small = Refusal(origin=person(5).origin, outcome="refused", reason="small", stage="suppress")
        again = person(0, origin=person(4).origin)
        await crawl(database, [person(0), person(1), masked, risky, again, small], seen=7)
        await write(database, [person(9, origin=None)], campaign="autumn")
        await runs.start_run(database, "run", "spring", settings={"goal": 5})
        log = await runs.open_log(database, run_id="run", campaign="spring", source="apollo")
        await runs.beat(database, log, records=5, errors=2)
        reservation = await spend.reserve(
            database,
            campaign="spring",
            run_id="run",
            sale=spend.Sale(provider="apollo", offer="match", credits_each=Decimal(2), usd_per_credit=Decimal("0.05")),
            facts=["a"],
            caps=spend.Caps(),
        )
        await spend.settle(database, reservation, {"a": b"x"}, credits=2)
        alive = await status(database, "spring")
        await runs.close_log(database, log, status="finished", records=6, errors=2)
        return alive, await status(database, "spring"), await ready_leads(database, "spring")

    alive, after, ready = using(work)
    assert alive["leads"] == {
        "total": 4,
        "identified": 1,
        "enriched": 1,
        "ready": 2,
        "qualified": 3,
        "with_email": 3,
        "email_verified": 2,
        "company_complete": 4,
    }
    assert ready == 2
    assert (alive["seen"], alive["stored"], alive["merged"], alive["refused"]) == (7, 4, 1, {"small": 1})
    assert (alive["pending"], alive["balanced"], alive["companies"]) == (1, True, 2)
    assert (alive["quality_avg"], alive["duplicate_rate"], alive["rate_per_hour"]) == (70.0, 0.1429, 240.0)
    assert (alive["spend_usd"], alive["credits"], alive["errors"]) == (0.1, {"apollo": 2.0}, 2)
    assert (alive["workers"], after["workers"]) == (1, 0)


def test_a_campaign_of_employers_counts_employers(using, write, person):
    async def work(database):
        await write(database, [person(0), Company(name="Firm", uei="ABCDEFGHIJK1")])
        return await status(database, "spring", lead="company")

    found = using(work)
    assert (found["leads"]["total"], found["leads"]["identified"], found["companies"]) == (1, 1, 2)


def test_charts_get_their_figures(using, crawl, write, person, scores):
    async def work(database):
        odd = Refusal(origin=person(9).origin, outcome="parked", reason="odd", stage="normalize")
        await crawl(database, [person(0), person(1, scores=scores(100, 35)), person(3, scores=None), odd])
        await runs.start_run(database, "run", "spring")
        await runs.finish_run(database, "run")
        return (
            await figures.quality_histogram(database, "spring"),
            await figures.fit_histogram(database, "spring"),
            await figures.leads_by_state(database, "spring"),
            await figures.top_reasons(database, "spring"),
            await figures.top_companies(database, "spring"),
            sum(number for _, number in await figures.leads_per_minute(database, "spring")),
            await figures.span(database, "spring"),
            await figures.span(database, "autumn"),
        )

    quality, fit, states, reasons, companies, leads, span, never = using(work)
    assert (quality, fit, states) == ({80: 1, 90: 1}, {30: 1, 70: 1}, {"ready": 3})
    assert (reasons, companies) == ([("parked:odd", 1)], [("Firm 0 Works", 2), ("Firm 1 Works", 1)])
    assert leads == 3
    assert span[0] <= span[1]
    assert never is None


def test_leads_come_best_first_and_by_choice(using, write, person, scores):
    async def work(database):
        people = [person(n, scores=scores(fit=fit)) for n, fit in enumerate((50, 90, 70))]
        await write(database, [*people, person(4, lead_state="identified", scores=None)])
        return [
            [lead["full_name"] async for lead in select_leads(database, "spring", **choice)]
            for choice in ({}, {"limit": 1}, {"min_fit": 70}, {"state": "identified"})
        ]

    assert using(work) == [
        ["Ann Lee1", "Ann Lee2", "Ann Lee0", "Ann Lee4"],
        ["Ann Lee1"],
        ["Ann Lee1", "Ann Lee2"],
        ["Ann Lee4"],
    ]


def test_company_leads_are_chosen_apart(using, write, person, scores):
    async def work(database):
        await write(database, [person(0), Company(name="Firm", uei="ABCDEFGHIJK1", scores=scores(fit=85))])
        return [lead async for lead in select_leads(database, "spring", min_fit=80, lead="company")]

    (found,) = using(work)
    assert (found["company_name"], found["fit_score"]) == ("Firm", 85)
