"""Judges employers and their people anew when more people are found there, within the transaction that stores them.

A company's record and those of its people come in any order and from several processes: whoever is stored last finds
all the others here. The number of people found never falls. Colleagues are read only where their points change: an
employer of thousands is met by every batch.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact, LeadState
from leadspiders.items.scores import Scores
from leadspiders.stores.postgres.kinds import company_kind, contact_kind
from leadspiders.stores.postgres.lookup import find_companies, find_contacts
from leadspiders.stores.postgres.pool import Connection
from leadspiders.stores.postgres.prospects import STATES, Standing, write_prospects
from leadspiders.stores.postgres.rows import KeyedHash, Row

Lead = Contact | Company
NAMED = ("enriched", "ready")

_EMPLOYERS = """
SELECT lead_id, lead_state FROM prospects WHERE campaign = %(campaign)s AND company_id = ANY(%(companies)s)
"""
_COLLEAGUES = """
SELECT p.lead_id, p.lead_state FROM contacts k JOIN prospects p ON p.contact_id = k.id
 WHERE p.campaign = %(campaign)s AND k.company_id = ANY(%(companies)s)
"""
_NAMED = """
SELECT k.company_id, k.title, k.seniority, count(*) FROM contacts k JOIN prospects p ON p.contact_id = k.id
 WHERE p.campaign = %(campaign)s AND k.company_id = ANY(%(companies)s) AND p.lead_state = ANY(%(named)s)
 GROUP BY k.company_id, k.title, k.seniority
"""
_RAISE = """
UPDATE companies c SET decision_makers = greatest(c.decision_makers, new.found),
       lead_score = coalesce(new.fit, c.lead_score), updated_at = now()
  FROM unnest(%s::uuid[], %s::int[], %s::int[]) AS new (id, found, fit)
 WHERE c.id = new.id AND (c.decision_makers, c.lead_score)
       IS DISTINCT FROM (greatest(c.decision_makers, new.found), coalesce(new.fit, c.lead_score))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgment:
    """How a campaign judges a stored lead: its scores, and whether somebody of a title and level counts as found at the
    employer (None: that changes no score). With `employers` an employer becomes a lead itself as soon as one of its
    people has a name."""

    score: Callable[[Lead], Scores]
    counts: Callable[[Contact], bool] | None
    employers: bool


async def judge_employers(
    connection: Connection,
    judgment: Judgment,
    companies: Collection[UUID],
    *,
    changed: Collection[UUID],
    campaign: str,
    run_id: str,
    keyed_hash: KeyedHash,
) -> list[Lead]:
    """Count the people of these companies and score them; and all of their leads where the count changes the points, or
    the company has `changed`. Returns those whose standing changed by it.
    """
    kind = company_kind(keyed_hash)
    employers = {row["id"]: kind.to_item(row) for row in await _by_id(find_companies, connection, companies)}
    found = await _found(connection, judgment, campaign, companies)
    touched = []
    for id_, employer in employers.items():
        before = judgment.score(employer)
        employer.scores = before
        if found[id_] > employer.decision_makers:
            employer.decision_makers = found[id_]
            employer.scores = judgment.score(employer)
        if id_ in changed or _worth(employer.scores) != _worth(before):
            touched.append(id_)
    await _raise(connection, employers.values())
    states = await _states(connection, _EMPLOYERS, campaign, companies)
    of_people = await _states(connection, _COLLEAGUES, campaign, touched)
    leads: list[Lead] = [employer for id_, employer in employers.items() if id_ in states]
    people = contact_kind(keyed_hash, employers)
    for row in await _by_id(find_contacts, connection, of_people):
        contact = people.to_item(row)
        contact.lead_state = of_people[row["id"]]
        leads.append(contact)
    return await _stand(connection, judgment, leads, {**states, **of_people}, campaign=campaign, run_id=run_id)


def _worth(scores: Scores) -> list[tuple[float, str]]:
    """The points without their evidence, in which the number itself is."""
    return [(line.points, line.reason) for line in scores.fit_points]


async def _found(
    connection: Connection, judgment: Judgment, campaign: str, companies: Collection[UUID]
) -> Counter[UUID]:
    """How many count at each of the companies: one line a title, however many have it."""
    assert judgment.counts
    found: Counter[UUID] = Counter()
    values = {"campaign": campaign, "companies": sorted(companies), "named": list(NAMED)}
    for company, title, seniority, number in await (await connection.execute(_NAMED, values)).fetchall():
        if judgment.counts(Contact(title=title, seniority=seniority)):
            found[company] += number
    return found


async def _states(
    connection: Connection, query: LiteralString, campaign: str, companies: Collection[UUID]
) -> dict[UUID, LeadState]:
    """Of those that are in the lists."""
    if not companies:
        return {}
    values = {"campaign": campaign, "companies": sorted(companies)}
    rows = await (await connection.execute(query, values)).fetchall()
    return {lead_id: state for lead_id, state in rows if state in STATES}


async def _by_id(find: Callable[..., Awaitable[list[Row]]], connection: Connection, ids: Iterable[UUID]) -> list[Row]:
    return await find(connection, [{"id": id_} for id_ in ids], lock=False)


async def _raise(connection: Connection, employers: Iterable[Company]) -> None:
    in_order = sorted(employers, key=lambda one: str(one.id))
    values = [(one.id, one.decision_makers, one.scores and one.scores.fit) for one in in_order]
    if values:
        await connection.execute(_RAISE, [list(column) for column in zip(*values, strict=True)])


async def _stand(
    connection: Connection,
    judgment: Judgment,
    leads: Sequence[Lead],
    states: Mapping[UUID, LeadState],
    *,
    campaign: str,
    run_id: str,
) -> list[Lead]:
    standings = []
    for lead in leads:
        assert lead.id
        lead.scores = lead.scores or judgment.score(lead)
        standings.append(
            Standing(
                lead_id=lead.id,
                is_company=isinstance(lead, Company),
                new=False,
                state=states[lead.id],
                scores=lead.scores,
            )
        )
    touched = await write_prospects(connection, campaign, run_id, standings)
    return [lead for lead in leads if lead.id in touched]
