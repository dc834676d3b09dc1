"""The figures of one invented run, for every view of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leadspiders.campaigns.loader import load
from leadspiders.campaigns.model import Campaign
from leadspiders.ops.advice import advice
from leadspiders.ops.report.data import ReportData, Sample, Spend
from leadspiders.ops.verdict import verdict

GOAL, HOURS = 2000, 1.3
START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
NAMES = "Ada Brook, Noé de la Cruz, Mia van Dorn, Liam O'Shea, Zoë Quill, Tom Ash, Ines Vale, Omar Reed, Yuki Lund, Eve"


@pytest.fixture
def campaign() -> Campaign:
    return load("performance_marketers")


@pytest.fixture
def status() -> dict[str, Any]:
    return {
        "campaign": "performance_marketers",
        "seen": 2300,
        "stored": 2120,
        "merged": 88,
        "refused": {"out_of_target": 61, "no_key": 12},
        "parked": {"unreadable_record": 9, "value_too_long": 3},
        "suppressed": 5,
        "pending": 2,
        "balanced": True,
        "leads": {
            "total": 2120,
            "identified": 60,
            "enriched": 50,
            "ready": 2010,
            "qualified": 1702,
            "with_email": 1880,
            "email_verified": 1611,
            "company_complete": 1940,
        },
        "companies": 411,
        "cells": 3212,
        "quality_avg": 88.4,
        "duplicate_rate": 0.0383,
        "rate_per_hour": 1546.2,
        "spend_usd": 412.6,
        "credits": {"apollo": 2110},
        "errors": 12,
        "workers": 4,
        "sources": {"apollo": {"seen": 2300, "pending": 2, "stored": 2120, "merged": 88}},
    }


@pytest.fixture
def delivered() -> dict[str, dict[str, int]]:
    return {"hubspot": {"sent": 1962, "pending": 40, "dead": 8}}


@pytest.fixture
def report(campaign: Campaign, status: dict[str, Any], delivered: dict[str, dict[str, int]]) -> ReportData:
    return ReportData(
        campaign=campaign.name,
        title=campaign.title,
        kind="final",
        made_at=START + timedelta(hours=HOURS),
        sandbox=True,
        goal=GOAL,
        hours=HOURS,
        per_hour=campaign.goals.per_hour,
        cap_usd=campaign.budget.cap_usd,
        status=status,
        verdict=verdict(status, campaign, goal=GOAL, hours=HOURS, delivered=delivered, sandbox=True),
        advice=advice(status, campaign, goal=GOAL, delivered=delivered, sandbox=True),
        delivered=delivered,
        per_minute=[
            (START + timedelta(minutes=m), 18 + m * 7 % 13 + min(m, 9)) for m in range(78) if m not in (40, 41)
        ],
        quality={0: 3, 30: 8, 40: 24, 50: 66, 60: 207, 70: 311, 80: 602, 90: 789},
        fit={20: 12, 30: 80, 40: 210, 50: 402, 60: 511, 70: 430, 80: 260, 90: 105},
        bars={"quality": 75},
        spend=[Spend(provider="apollo", calls=244, credits=2110, usd=412.6)],
        emails=[("valid", 1611), ("unknown", 202), ("risky", 52), ("invalid", 15), ("none", 130)],
        companies=[
            ("Harbor & Loom <Outfitters>", 14),
            ("Northwind Analytics", 11),
            ("Tidal Retail Group of the Pacific", 6),
        ],
        metros=[("New York", 402), ("San Francisco", 281), ("Chicago", 190), ("elsewhere", 733)],
        titles=[("Digital Marketing Manager", 501), ("Growth Marketing Manager", 390), ("PPC Manager", 311)],
        samples=[
            Sample(
                name=name,
                title="Senior Performance Marketing Manager",
                company="Harbor & Loom",
                place="Brooklyn, NY",
                email="a***@harborloom.example.com",
                email_status="valid",
                phone="***42" if number % 3 == 0 else None,
                quality=100 - 3 * number,
                fit=91 - 2 * number,
                qualified=number < 8,
                why=[(30, "e-mail verified"), (30, "all required fields"), (20, "company known in full")],
            )
            for number, name in enumerate(NAMES.split(", "))
        ],
    )
