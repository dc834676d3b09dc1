"""What the doctor asks of a campaign: its credentials, what is left of its caps, sources that rest."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from leadspiders.apis.http import Api
from leadspiders.campaigns.model import Campaign
from leadspiders.ops.doctor import Check, doubt, failure, well
from leadspiders.ops.spending import Cap
from leadspiders.ops.wording import dollars

NEARLY_USED_UP = 0.9
_SPIDERS = {"bls": "bls", "samgov": "sam_gov", "apollo": "apollo"}


def apis_of(campaign: Campaign, providers: Iterable[str], apis: Mapping[str, Api]) -> dict[str, str]:
    """API -> what the campaign needs it for."""
    wanted = {_SPIDERS[name]: "source" for name in campaign.sources.enabled()}
    for name in providers:
        wanted.setdefault(name, "provider")
    for name, receiver in campaign.delivery.destinations.items():
        if receiver.enabled:
            wanted.setdefault(name, "destination")
    return {name: use for name, use in wanted.items() if name in apis}


def credential(api: Api, use: str, keys: Sequence[str]) -> Check:
    """Whether there is a key."""
    name = f"key of {api.name}"
    if keys:
        return well(name, f"{len(keys)} there ({use})" if len(keys) > 1 else f"there ({use})")
    if not api.key_required:
        return well(name, f"none, and none is needed ({use})")
    advice = f"set {api.key_name}, or store it with `scrapy keys add {api.name}`"
    if use == "source":
        return failure(name, "none: this source cannot be asked", advice)
    what = "its leads wait in the outbox" if use == "destination" else "the other providers are asked instead"
    return doubt(name, f"none: {what}", advice)


def answered(api: Api, said: str, *, works: str, not_asked: str) -> Check:
    """What the service said of a key when it was asked."""
    name = f"answer of {api.name}"
    if said in {works, not_asked}:
        return well(name, said)
    if said.startswith("refused"):
        return failure(name, said, f"see `scrapy keys check {api.name}`, and put a good key in its place")
    return doubt(name, said, "ask again later; a crawl waits for a service that is away")


def caps(found: Iterable[Cap]) -> list[Check]:
    """What is left of each cap that adds up."""
    checks = []
    for cap in found:
        if cap.used is None or cap.left is None:
            continue
        name = f"cap of {cap.name}"
        amount = dollars if cap.unit == "usd" else "{:,.0f} credits".format
        said = f"{amount(max(cap.left, 0.0))} of {amount(cap.cap)} left"
        if cap.left <= 0 and cap.cap > 0:
            checks.append(_used_up(name, said, cap))
        elif cap.used > cap.cap * NEARLY_USED_UP:
            checks.append(doubt(name, said, "raise it in the campaign file under [budget] if more is wanted"))
        else:
            checks.append(well(name, said))
    return checks


def resting(closed: Iterable[tuple[str, datetime, str]], wanted: Iterable[str]) -> list[Check]:
    """Sources whose quota is used up for now."""
    needed = set(wanted)
    return [
        doubt(f"quota of {api}", f"{reason}, until {until:%Y-%m-%d %H:%M} UTC", "start then, or add a second key")
        for api, until, reason in closed
        if api in needed
    ]


def _used_up(name: str, said: str, cap: Cap) -> Check:
    if cap.name.startswith("run "):
        return well(name, f"{said} (another run has its own)")
    advice = "nothing is bought for now: raise it in the campaign file under [budget]"
    return failure(name, said, advice) if cap.name == "campaign" else doubt(name, said, advice)
