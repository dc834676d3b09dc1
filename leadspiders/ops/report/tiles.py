"""The eight figures at the head of the report: name, value, and what the value is measured against. Pure."""

from leadspiders.ops.funnel import arrived, funnel
from leadspiders.ops.report.data import ReportData
from leadspiders.ops.wording import DASH, count, dollars, duration, percent, share


def tiles(data: ReportData) -> list[tuple[str, str, str]]:
    """(name, value, small print) in reading order."""
    status, leads = data.status, data.status["leads"]
    average = status["quality_avg"]
    per_hour = f"goal {count(data.per_hour)}" if data.per_hour else ""
    seen = next(step.count for step in funnel(status, data.delivered) if step.name == "seen")
    due = sum(sum(states.values()) for states in data.delivered.values())
    return [
        ("leads ready", count(leads["ready"]), f"{percent(share(leads['ready'], data.goal), 0)} of the goal"),
        ("qualified", count(leads["qualified"]), f"{percent(share(leads['qualified'], leads['ready']), 0)} of ready"),
        ("leads an hour", count(status["rate_per_hour"]), per_hour),
        ("running for", duration(data.hours * 3600), f"{count(seen)} records seen"),
        ("quality, average", DASH if average is None else f"{average:.0f}", "of 100"),
        (
            "e-mail verified",
            percent(share(leads["email_verified"], leads["with_email"]), 0),
            f"of {count(leads['with_email'])} addresses",
        ),
        (
            "a qualified lead cost",
            dollars(share(status["spend_usd"], leads["qualified"])),
            f"{dollars(status['spend_usd'])} of {dollars(data.cap_usd)}",
        ),
        ("delivered", count(arrived(data.delivered)), f"of {count(due)} due"),
    ]
