"""The people of the world as Apollo knows them: marketers, bystanders, decision makers, and second records."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from leadspiders.sandbox.world import names, titles
from leadspiders.sandbox.world.companies import Company
from leadspiders.sandbox.world.names import Name
from leadspiders.sandbox.world.places import Place, phone, somewhere

LOCKED_EMAIL = "email_not_unlocked@domain.com"


@dataclass(slots=True, eq=False)
class Person:
    """One record at Apollo. `slug` is the LinkedIn profile it is about, `linkedin_url` one spelling of it; `hidden` are
    the fields a paid match leaves out; `matched` says whether a match brings anything; `twin_of` is the id of the
    first record of the same person; `email_good` says whether the address is one that mail would reach. `mailbox` is
    where the person reads mail, whether Apollo knows it or not.
    """

    id: str
    name: Name
    title: str
    seniority: str
    department: str
    company: Company
    place: Place
    country: str
    slug: str
    linkedin_url: str
    email: str | None
    email_status: str
    email_good: bool
    phone: str | None
    kind: str
    hidden: frozenset[str] = frozenset()
    matched: bool = True
    twin_of: str | None = None
    mailbox: str = ""

    def __post_init__(self) -> None:
        self.mailbox = self.mailbox or self.email or ""

    @property
    def identity(self) -> str:
        """The id that all records of this person share."""
        return self.twin_of or self.id

    @property
    def complete(self) -> bool:
        """Whether a paid match gives full name, LinkedIn URL, title, company, city and state."""
        return self.matched and not self.hidden & {"linkedin_url", "city", "state"}


def marketers(rng: random.Random, count: int, companies: Sequence[Company]) -> list[Person]:
    """`count` different people who fit campaign A: exact shares of them have a gap, at most 4 % are incomplete."""
    found = [
        _person(rng, name, titles.written(rng, rng.choice(titles.TARGETS)), company, "target")
        for name, company, _ in zip(names.stream(rng), _at(rng, companies), range(count), strict=False)
    ]
    odd = iter(rng.sample(found, k=count))
    for _ in range(int(count * 0.01)):
        next(odd).matched = False
    for _ in range(int(count * 0.013)):
        next(odd).hidden = frozenset({"linkedin_url"})
    for _ in range(int(count * 0.012)):
        next(odd).hidden = frozenset({"city", "state"})
    for _ in range(int(count * 0.015)):
        _without_email(next(odd))
    for _ in range(int(count * 0.03)):
        _bad_email(rng, next(odd))
    return found


def bystanders(rng: random.Random, count: int, companies: Sequence[Company]) -> list[Person]:
    """`count` people outside the target: half in neighboring jobs that a search for similar titles brings."""
    found = []
    for at, name, company in zip(range(count), names.stream(rng), _at(rng, companies), strict=False):
        person = _person(rng, name, rng.choice(titles.NEIGHBORS if at % 2 else titles.STRANGERS), company, "bystander")
        if at % 10 == 0:
            person.country = "Canada"
            person.title = rng.choice(titles.TARGETS)
        found.append(person)
    return found


def decision_makers(rng: random.Random, companies: Sequence[Company]) -> list[Person]:
    """0 to 6 people of every company that Apollo lists: human resources, benefits, finance."""
    found = []
    stream = names.stream(rng)
    for company in companies:
        if company.listed:
            for title, rank, department in rng.sample(titles.DECISION_MAKERS, k=rng.choice((0, 1, 2, 3, 3, 4, 5, 6))):
                person = _person(rng, next(stream), title, company, "decision_maker")
                person.seniority, person.department = rank, department
                found.append(person)
    return found


def second_records(rng: random.Random, people: Sequence[Person], count: int) -> list[Person]:
    """`count` more records of people who have one: another id, the profile in another spelling, at times no e-mail."""
    whole = [person for person in people if person.complete]
    found = []
    for person in rng.sample(whole, k=min(count, len(whole))):
        keeps_email = rng.random() < 0.6
        found.append(
            replace(
                person,
                id=f"{rng.getrandbits(96):024x}",
                twin_of=person.id,
                linkedin_url=_spelled(rng, person.slug),
                email=person.email if keeps_email else None,
                email_status=person.email_status if keeps_email else "unavailable",
                email_good=person.email_good and keeps_email,
            )
        )
    return found


def _at(rng: random.Random, companies: Sequence[Company]) -> Iterator[Company]:
    while True:
        yield rng.choice(companies)


def _person(rng: random.Random, name: Name, title: str, company: Company, kind: str) -> Person:
    # Two thirds live where their company is.
    place = company.place if rng.random() < 0.67 else somewhere(rng)
    words = names.ascii_words(name.full)
    slug = "-".join(["example", *words, f"{rng.getrandbits(32):08x}"])
    label = ".".join((words[0], words[-1])) if len(words) > 1 else words[0]
    return Person(
        id=f"{rng.getrandbits(96):024x}",
        name=name,
        title=title,
        seniority=titles.seniority(title),
        department="master_marketing",
        company=company,
        place=place,
        country="United States",
        slug=slug,
        linkedin_url=_spelled(rng, slug),
        email=_address(rng, company, label),
        email_status=rng.choice(("verified",) * 8 + ("likely to engage", "unverified")),
        email_good=True,
        phone=phone(rng, place) if rng.random() < 0.4 else None,
        kind=kind,
    )


def _address(rng: random.Random, company: Company, label: str) -> str:
    """An address that nobody else has: two people of one name at one company do exist."""
    while label in company.mailboxes:
        label = f"{label.rstrip('0123456789')}{rng.randrange(2, 99)}"
    company.mailboxes.add(label)
    return f"{label}@{company.domain}"


def _spelled(rng: random.Random, slug: str) -> str:
    """One of the many URLs that lead to the same profile; most often Apollo's own."""
    if rng.random() < 0.7:
        return f"http://www.linkedin.com/in/{slug}"
    form = rng.choice(
        (
            "https://www.linkedin.com/in/{}",
            "https://linkedin.com/in/{}/",
            "https://www.linkedin.com/in/{}/?trk=public_profile",
            "http://uk.linkedin.com/in/{}",
            "https://m.linkedin.com/in/{}",
            "www.linkedin.com/in/{}",
            "https://WWW.LinkedIn.com/in/{}",
        )
    )
    return form.format(slug)


def _without_email(person: Person) -> None:
    person.email, person.email_status, person.email_good = None, "unavailable", False


def _bad_email(rng: random.Random, person: Person) -> None:
    """A locked address, one that Apollo calls unavailable, or one whose syntax is broken."""
    label, domain = (person.email or "").split("@")
    person.email_good = False
    person.email, person.email_status = rng.choice(
        (
            (LOCKED_EMAIL, "unavailable"),
            (person.email, "unavailable"),
            (f"{label.replace('.', '..')}..x@{domain}", "unverified"),
            (f"{label} {domain}", "unverified"),
            (f"{label}@{domain.split('.')[0]}", "unverified"),
            (f"{label}@@{domain}", "unverified"),
        )
    )
