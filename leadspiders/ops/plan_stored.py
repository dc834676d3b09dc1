"""What a plan needs of the database: leads, purchases, money spent, rates learnt, and how former runs went."""

from leadspiders.campaigns.model import Campaign
from leadspiders.guard.keyed_hash import KeyedHash
from leadspiders.ops.plan import Stored
from leadspiders.stores.postgres import plans, spend_totals, yields
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.prospects import qualified_employers
from leadspiders.stores.postgres.status import ready_leads, status


async def stored(database: Database, campaign: Campaign, keyed_hash: KeyedHash, *, sandbox: bool) -> Stored:
    """All of it, as it stands."""
    name = campaign.name
    now = await status(database, name, lead="contact")
    employers = campaign.lead == "company"
    return Stored(
        database=database,
        keyed_hash=keyed_hash,
        ready=await qualified_employers(database, name) if employers else await ready_leads(database, name),
        bought=now["leads"]["enriched"] + now["leads"]["ready"],
        seen={source: counts["stored"] for source, counts in now["sources"].items()},
        counted=await spend_totals.totals(database, name),
        yields=await yields.read(database, name),
        former=[actual for _, actual in await plans.former(database, sandbox=sandbox)],
    )
