"""Looks people and companies up as providers do: by profile, by address, by a name that is written in many ways."""

from leadspiders.sandbox.world import names
from leadspiders.sandbox.world.companies import Company
from leadspiders.sandbox.world.people import Person
from leadspiders.sandbox.world.truth import World


def by_profile(world: World, url: str) -> Person | None:
    """The person of a LinkedIn URL in any spelling."""
    slug = url.lower().partition("/in/")[2].partition("?")[0].strip("/")
    return world.by_slug.get(slug)


def by_address(world: World, email: str) -> Person | None:
    """Who reads mail at an address, or used to."""
    address = email.strip().lower()
    return world.by_mailbox.get(address) or world.by_email.get(address)


def by_name(world: World, name: str, company: Company | None) -> Person | None:
    """The first person at a company whose name holds all these words, accents and case aside."""
    words = set(names.ascii_words(name))
    if company is None or not words:
        return None
    staff = world.by_domain.get(company.domain, ())
    return next((each for each in staff if words <= set(names.ascii_words(each.name.full))), None)


def company(world: World, *, domain: str = "", name: str = "", page: str = "") -> Company | None:
    """The company of a domain or web address, of a name, or of a LinkedIn page."""
    host = domain.strip().lower().removeprefix("https://").removeprefix("http://").removeprefix("www.").strip("/")
    return (
        world.companies_by_domain.get(host)
        or world.companies_by_name.get(name.strip().lower())
        or world.companies_by_page.get(page.strip().lower().strip("/").rpartition("/company/")[2])
    )
