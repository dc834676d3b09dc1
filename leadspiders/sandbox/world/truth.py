"""The world: everything there is, grown from one seed. What the stand-ins tell is looked up here."""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from leadspiders.sandbox.world import companies as company_makers
from leadspiders.sandbox.world import people as people_makers
from leadspiders.sandbox.world.companies import Company
from leadspiders.sandbox.world.people import Person
from leadspiders.sandbox.world.registrations import Registration, registrations


@dataclass(eq=False)
class World:
    """`people` are the records at Apollo in the order a search lists them, second records included; `marketing` the
    companies where marketers work, `employers` those that SAM.gov registers.
    """

    seed: int
    people: list[Person]
    marketing: list[Company]
    employers: list[Company]
    registrations: list[Registration]
    by_id: dict[str, Person] = field(init=False)

    def __post_init__(self) -> None:
        self.by_id = {person.id: person for person in self.people}

    @cached_property
    def companies_by_domain(self) -> dict[str, Company]:
        """Every company by its domain."""
        return {company.domain: company for company in (*self.marketing, *self.employers)}

    @cached_property
    def companies_by_name(self) -> dict[str, Company]:
        """Every company by its names in lower case."""
        found = {}
        for company in (*self.employers, *self.marketing):
            found[company.legal_name.lower()] = company
            found[company.name.lower()] = company
        return found

    @cached_property
    def companies_by_page(self) -> dict[str, Company]:
        """Every company by the last part of its LinkedIn page."""
        return {company.linkedin_url.rpartition("/")[2]: company for company in (*self.marketing, *self.employers)}

    @cached_property
    def by_email(self) -> dict[str, Person]:
        """First records of people by their address in lower case."""
        return {
            person.email.lower(): person
            for person in reversed(self.people)
            if person.email and person.email != people_makers.LOCKED_EMAIL
        }

    @cached_property
    def by_mailbox(self) -> dict[str, Person]:
        """First records of people by the address where they read mail."""
        return {person.mailbox: person for person in self.people if person.twin_of is None}

    @cached_property
    def by_slug(self) -> dict[str, Person]:
        """A record of each person by LinkedIn profile; the first record where there are two."""
        ordered = sorted(self.people, key=lambda person: person.twin_of is None)
        return {person.slug: person for person in ordered}

    @cached_property
    def by_domain(self) -> dict[str, list[Person]]:
        """The people at each company's domain."""
        found: dict[str, list[Person]] = defaultdict(list)
        for person in self.people:
            found[person.company.domain].append(person)
        return dict(found)


def grow(seed: int, people: int, companies: int) -> World:
    """The world of a seed: `people` marketers who fit campaign A, `companies` employers, and all that surrounds them.

    The same three numbers give the same world, on any machine.
    """
    rng = random.Random(f"{seed}/{people}/{companies}")
    taken: set[str] = set()
    marketing = list(islice(company_makers.marketing(rng, taken), max(6, people // 4)))
    employers = list(islice(company_makers.employers(rng, taken), companies))
    fitting = people_makers.marketers(rng, people, marketing)
    records = [
        *fitting,
        *people_makers.second_records(rng, fitting, round(people * 0.03)),
        *people_makers.bystanders(rng, round(people * 0.05), marketing),
        *people_makers.decision_makers(rng, employers),
    ]
    rng.shuffle(records)
    return World(seed, records, marketing, employers, registrations(rng, employers))
