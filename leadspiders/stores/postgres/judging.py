"""Scores stored leads once more, by each of their campaigns, after their rows have changed by somebody's decision."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from psycopg.rows import dict_row

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.items.scores import Scores
from leadspiders.rules.readiness import state_of
from leadspiders.stores.postgres.drafts import Lead
from leadspiders.stores.postgres.kinds import company_kind, contact_kind
from leadspiders.stores.postgres.lookup import find_companies, find_contacts
from leadspiders.stores.postgres.pool import Connection
from leadspiders.stores.postgres.prospects import STATES, Standing, write_prospects
from leadspiders.stores.postgres.rows import KeyedHash, Row

_PROSPECTS = """
SELECT campaign, lead_id, lead_state, run_id FROM prospects WHERE lead_id = ANY(%s) AND lead_state = ANY(%s)
 ORDER BY campaign, lead_id FOR UPDATE
"""
# What is being sent at this moment waits again afterwards, by its version.
_SEND_AGAIN = """
UPDATE outbox SET state = CASE state WHEN 'leased' THEN 'leased' ELSE 'pending' END, version = version + 1,
       attempts = CASE state WHEN 'leased' THEN attempts ELSE 0 END, retry_at = NULL, updated_at = now()
 WHERE campaign = %s AND lead_id = %s AND state <> 'suppressed'
"""


async def judge_again(
    connection: Connection, ids: Sequence[UUID], scores: Mapping[str, Callable[[Lead], Scores]], keyed_hash: KeyedHash
) -> None:
    """Within the caller's transaction. A campaign that is not among the `scores` keeps its points; all of them send the
    leads again to where they were sent. Who is in no list stays out.
    """
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_PROSPECTS, [list(ids), list(STATES)])
        prospects = await cursor.fetchall()
    leads = await _leads(connection, prospects, keyed_hash)
    for prospect in prospects:
        lead, score = leads[prospect["lead_id"]], scores.get(prospect["campaign"])
        if score:
            standing = Standing(
                lead_id=prospect["lead_id"],
                is_company=isinstance(lead, Company),
                new=False,
                state=state_of(lead) if isinstance(lead, Contact) else prospect["lead_state"],
                scores=score(lead),
            )
            await write_prospects(connection, prospect["campaign"], prospect["run_id"], [standing])
        await connection.execute(_SEND_AGAIN, [prospect["campaign"], prospect["lead_id"]])


async def _leads(connection: Connection, prospects: Sequence[Row], keyed_hash: KeyedHash) -> dict[UUID, Lead]:
    wanted = {prospect["lead_id"] for prospect in prospects}
    people = await find_contacts(connection, [{"id": id_} for id_ in wanted], lock=False)
    employers = wanted | {row["company_id"] for row in people if row["company_id"]}
    firms = await find_companies(connection, [{"id": id_} for id_ in employers], lock=False)
    companies = {row["id"]: company_kind(keyed_hash).to_item(row) for row in firms}
    kind = contact_kind(keyed_hash, companies)
    return {**companies, **{row["id"]: kind.to_item(row) for row in people}}
