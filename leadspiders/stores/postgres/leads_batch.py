"""Writes a batch of companies and contacts with what each is worth in the campaign and where it is to be delivered.

Keys that another process added in the meantime show as a unique violation: the caller plans anew.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from leadspiders.items.company import Company
from leadspiders.stores.postgres.drafts import Draft, Drafter, Lead
from leadspiders.stores.postgres.employer_scores import Judgment, judge_employers
from leadspiders.stores.postgres.outcomes import Outcome
from leadspiders.stores.postgres.plan import Plan, company_state
from leadspiders.stores.postgres.pool import Connection
from leadspiders.stores.postgres.prospects import SUPPRESSED, Standing, write_prospects
from leadspiders.stores.postgres.rows import KeyedHash
from leadspiders.stores.postgres.suppressions import listed_until_commit, suppress_leads
from leadspiders.stores.postgres.waiting import Wanted, put_into_outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadsBatch:
    """How leads are written for one campaign. `deliver` names the destinations that should have a lead now; `judgment`
    is there where the people found at an employer change what it is worth."""

    campaign: str
    run_id: str
    keyed_hash: KeyedHash
    deliver: Callable[[Lead], Sequence[str]]
    judgment: Judgment | None = None

    def drafter(self) -> Drafter:
        """What makes drafts of the leads of one batch; needs no database."""
        return Drafter(self.keyed_hash)

    async def write(self, connection: Connection, drafts: Sequence[Draft], *, trusting: bool = False) -> list[Outcome]:
        """Write the leads within the caller's transaction; returns what became of each, in order.

        With `trusting`, people whom nobody knew a moment ago are taken for new: a unique violation says otherwise.
        """
        plan = Plan(self.keyed_hash, drafts)
        await plan.look_up(connection, trusting=trusting)
        plan.resolve()
        leads = plan.leads(self.judgment.score if self.judgment else None)
        objecting = await self._objecting(connection, plan)
        await plan.write(connection)
        await self._judge(connection, plan, leads, objecting)
        return plan.outcomes()

    async def _objecting(self, connection: Connection, plan: Plan) -> set[UUID]:
        """Leads and companies of the batch that asked to be left alone, perhaps after the record passed the stages."""
        traits, of_companies = plan.traits(), plan.company_traits()
        listed = await listed_until_commit(connection, set().union(*traits, *of_companies.values()))
        if not listed:
            return set()
        found = {id_ for id_, known_by in of_companies.items() if not listed.isdisjoint(known_by)}
        leads = zip(plan.lead_entries, traits, strict=True)
        return found | {entry.final().row["id"] for entry, known_by in leads if not listed.isdisjoint(known_by)}

    async def _judge(self, connection: Connection, plan: Plan, leads: Sequence[Lead], objecting: set[UUID]) -> None:
        standings = []
        for lead, entry in zip(leads, plan.lead_entries, strict=True):
            final = entry.final()
            state = company_state(final.row) if isinstance(lead, Company) else lead.lead_state
            standings.append(
                Standing(
                    lead_id=final.row["id"],
                    is_company=isinstance(lead, Company),
                    new=final.new,
                    state=state,
                    scores=lead.scores,
                )
            )
        employers = plan.employers() if self.judgment and self.judgment.employers else []
        for standing in (*standings, *employers):
            standing.willing = standing.lead_id not in objecting
            if not standing.willing:
                standing.state = SUPPRESSED
        touched = await write_prospects(connection, self.campaign, self.run_id, [*standings, *employers])
        if objecting:  # a record may have tied it to others, and it may be in other campaigns
            await suppress_leads(connection, objecting, companies=objecting)
        new: list[Wanted] = []
        changed: list[Wanted] = []
        unchanged: list[Wanted] = []
        for lead, standing, differs in zip(leads, standings, plan.differing(), strict=True):
            to = () if standing.state == SUPPRESSED else self.deliver(lead)
            wanted = [(destination, standing.lead_id) for destination in to]
            if standing.new:
                new.extend(wanted)
            else:
                (changed if differs or standing.lead_id in touched else unchanged).extend(wanted)
        changed += await self._employers(connection, plan)
        await put_into_outbox(connection, self.campaign, new=new, unchanged=unchanged, changed=changed)

    async def _employers(self, connection: Connection, plan: Plan) -> list[Wanted]:
        """Judge the employers of the batch by the people who are stored now; returns what is to be delivered of it."""
        if not self.judgment or not self.judgment.counts or not (companies := plan.to_judge()):
            return []
        leads = await judge_employers(
            connection,
            self.judgment,
            companies,
            changed=plan.changed_companies(),
            campaign=self.campaign,
            run_id=self.run_id,
            keyed_hash=self.keyed_hash,
        )
        return [(destination, lead.id) for lead in leads if lead.id for destination in self.deliver(lead)]
