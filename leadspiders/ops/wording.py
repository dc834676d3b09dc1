"""How figures are written for people: the same on the terminal, in the report and in the verdict."""

from datetime import datetime

DASH = "\N{EN DASH}"  # not measured, or no goal set: never to be read as zero


def count(number: float | None) -> str:
    """`1,234`; a dash for None."""
    return DASH if number is None else f"{round(number):,}"


def dollars(amount: float | None) -> str:
    """`$1,234.50`, whole dollars from $10,000 on, four places below ten cents, where a lead's price lives."""
    if amount is None:
        return DASH
    if amount >= 10_000:
        return f"${amount:,.0f}"
    return f"${amount:,.4f}" if 0 < amount < 0.1 else f"${amount:,.2f}"


def percent(share: float | None, places: int = 1) -> str:
    """`12.3 %` of a share 0-1. A share short of the whole never reads 100 %, and some never reads 0 %."""
    if share is None:
        return DASH
    step = 10.0**-places
    shown = round(share * 100, places)
    if share < 1 and shown >= 100:
        shown = 100 - step
    if share > 0 and shown == 0:
        return f"< {step:.{places}f} %"
    return f"{shown:.{places}f} %".replace(".0 %", " %")


def share(part: float, whole: float) -> float | None:
    """`part / whole`, or None when there is no whole to speak of."""
    return part / whole if whole else None


def duration(seconds: float | None) -> str:
    """`42 s`, `12 min`, `3 h 05 min`, `2 d 4 h`."""
    if seconds is None:
        return DASH
    if seconds < 90:
        return f"{round(seconds)} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes:02} min"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h"


def clock(seconds: float) -> str:
    """`0:07:42`, for a figure that ticks in place."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"


def open_again(api: str, when: datetime) -> str:
    """One sentence on an API that may not be asked now."""
    return f"{api} is not asked before {when:%Y-%m-%d %H:%M} UTC: its quota is used up, or its key was refused."
