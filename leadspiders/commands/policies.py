"""How long each campaign keeps what: from all campaign files that load."""

from pathlib import Path

from scrapy.settings import BaseSettings

from leadspiders.campaigns.loader import available, load
from leadspiders.campaigns.upkeep import Retention
from leadspiders.errors import CampaignError


def policies(settings: BaseSettings) -> dict[str, Retention]:
    """Campaign -> its `[retention]`. One that does not load is kept by the defaults."""
    directories = [settings["LEADS_CAMPAIGNS_DIR"]] if settings["LEADS_CAMPAIGNS_DIR"] else []
    found = {}
    for listed in available(directories):
        try:
            found[listed.name] = load(listed.name, [Path(one) for one in directories]).retention
        except CampaignError:
            found[listed.name] = Retention()
    return found


def backup_days(settings: BaseSettings) -> int:
    """So long a backup is kept: as the campaign says that wants it longest."""
    return max(rule.backup_days for rule in [Retention(), *policies(settings).values()])
