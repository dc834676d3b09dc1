from leadspiders.ops.report.collect import by_provider, with_the_rest
from leadspiders.ops.report.data import Spend


def test_days_of_a_provider_add_up_and_the_dearest_stands_first():
    days = [
        {"provider": "hunter", "calls": 1, "credits": 1.0, "usd": 0.5},
        {"provider": "apollo", "calls": 2, "credits": 20.0, "usd": 4.0},
        {"provider": "apollo", "calls": 3, "credits": 30.0, "usd": 6.0},
    ]

    assert by_provider(days) == [
        Spend(provider="apollo", calls=5, credits=50.0, usd=10.0),
        Spend(provider="hunter", calls=1, credits=1.0, usd=0.5),
    ]


def test_every_lead_has_an_email_state_in_the_report():
    leads = {"total": 100, "with_email": 90}

    assert with_the_rest([("valid", 70), ("risky", 5)], leads) == [
        ("valid", 70), ("risky", 5), ("not judged", 15), ("no address", 10),
    ]  # fmt: skip
    assert with_the_rest([("valid", 90)], leads | {"total": 90}) == [("valid", 90)]
