"""How well companies and people of many sources are told apart: precision and recall against a generated truth.

`python benchmarks/identity.py [--quick]` prints one JSON object on its last line. The truth is seeded: each company and
person is written by two or three sources, with typos, other legal forms, abbreviations, offices that moved, domains
that subsidiaries share, jobs that changed, and people of one name who are two. What comes out is compared by pairs:
precision is the share of merged pairs that are one, recall the share of pairs that are one and were merged. Pairs put
on the review list are counted apart. The peer merges on exact e-mail, LinkedIn URL, domain or name, as most scripts do.
"""

import argparse
import json
import os
import platform
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from random import Random
from typing import Any
from uuid import UUID

from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.clean import clean_company, clean_contact
from leadspiders.stores.postgres.book import Book
from leadspiders.stores.postgres.kind import Kind
from leadspiders.stores.postgres.kinds import company_kind, contact_kind

FIRST = (
    "Dana",
    "Maria",
    "Jean",
    "James",
    "Ann",
    "Luis",
    "Wei",
    "Priya",
    "Omar",
    "Ruth",
    "Carl",
    "Nora",
    "Ivan",
    "Lena",
)
LAST = ("Field", "Rivers", "Meadow", "O'Neil", "McDonald", "Garcia", "Nguyen", "Patel", "Kim", "Okafor", "van der Berg")
ONSET = (
    "Bren",
    "Cal",
    "Dor",
    "Fen",
    "Gal",
    "Har",
    "Kel",
    "Lor",
    "Mar",
    "Nor",
    "Pel",
    "Quin",
    "Ros",
    "Sel",
    "Tor",
    "Val",
)
MIDDLE = ("a", "ber", "den", "es", "ing", "li", "ma", "ner", "o", "ri", "sen", "ta", "ver", "wa", "")
END = ("ton", "ville", "mont", "dale", "ford", "wick", "ley", "more", "stead", "brook")
TAIL = ("Dental", "Electric", "Logistics", "Foods", "Manufacturing", "Steel", "Plastics", "Health Services", "Supply")
KIND = ("Group", "Partners", "International", "Associates", "Management", "Brothers", "Holdings", "")
FORMS = ("", " Inc", ", Inc.", " LLC", ", L.L.C.", " Corp", " Co.", " Ltd")
SHORT = {
    "International": "Intl",
    "Manufacturing": "Mfg",
    "Services": "Svcs",
    "Associates": "Assoc",
    "Management": "Mgmt",
}
PLACES = (("Dayton", "OH"), ("Toledo", "OH"), ("Austin", "TX"), ("Denver", "CO"), ("Boston", "MA"), ("Akron", "OH"))
TITLES = ("CFO", "HR Director", "Benefits Manager", "Paid Media Manager", "Media Buyer")

HOMONYMS = 0.03  # of the companies bear the name of another one, one in six of them in its town
Truth = list[tuple[Any, int]]


def companies(number: int, random: Random) -> Truth:
    """Records of `number` companies, each with the company it is of."""
    records: Truth = []
    names: list[str] = []
    for entity in range(number):
        head = random.choice(ONSET) + random.choice(MIDDLE) + random.choice(END)
        name = " ".join(filter(None, (head, random.choice(TAIL), random.choice(KIND))))
        if random.random() < HOMONYMS and names:
            name = random.choice(names)
        names.append(name)
        city, state = random.choice(PLACES)
        street = f"{random.randrange(1, 9999)} Main St"
        domain = f"firm{entity}.com"
        if random.random() < 0.05 and entity:  # a subsidiary: its parent's domain and EIN, a registration of its own
            domain, ein = f"firm{entity - 1}.com", f"{30_000_000 + entity - 1:09}"
        else:
            ein = f"{30_000_000 + entity:09}"
        registered = Company(
            name=(name + random.choice(FORMS)).upper(), uei=f"U{entity:011}", cage=f"{entity:05X}", street=street,
            city=city.upper(), state=state, website=domain if random.random() < 0.3 else None,
        )  # fmt: skip
        sold = Company(
            name=_written(name, random), domain=domain, provider_key=f"apollo:{entity}", city=city, state=state,
            street=street if random.random() < 0.5 else None,
        )  # fmt: skip
        filed = Company(name=_written(name, random), ein=ein, city=city, state=state, street=street)
        if random.random() < 0.1:
            sold.city, sold.state = random.choice(PLACES)  # the office moved
        for record in (registered, sold, filed):
            if random.random() < 0.75:
                records.append((record, entity))
    random.shuffle(records)
    return records


def people(number: int, random: Random) -> Truth:
    """Records of `number` people, each with the person it is of."""
    records: Truth = []
    for entity in range(number):
        first, last = random.choice(FIRST), random.choice(LAST)
        employer = random.randrange(max(1, number // 4))
        slug = f"https://www.linkedin.com/in/{first}-{last}-{entity}".lower()
        city, state = random.choice(PLACES)
        title = random.choice(TITLES)

        def of(source: str, employer_: int = employer, city: str = city, state: str = state, **said: Any) -> Contact:
            firm = Company(name=f"Firm {employer_} Works", domain=f"firm{employer_}.com", city="Dayton", state="OH")
            return Contact(provider_key=source, company=firm, city=city, state=state, **said)

        email = f"{first}.{last}{entity}@firm{employer}.com".lower().replace("'", "")
        both = random.random() < 0.6
        records.append(
            (
                of(
                    f"apollo:{entity}",
                    full_name=f"{first} {last}",
                    title=title,
                    linkedin_url=slug,
                    email=email if both else None,
                ),
                entity,
            )
        )
        if random.random() < 0.6:
            written = f"{last.upper()}, {first.upper()}, MBA"
            records.append((of(f"list:{entity}", full_name=written, title=title, email=email), entity))
        if random.random() < 0.4:  # another job, the same profile
            moved = of(
                f"nav:{entity}", random.randrange(number), full_name=f"{first} {last}", title=random.choice(TITLES)
            )
            moved.linkedin_url = slug.replace("www.", "uk.") + "/?trk=x"
            records.append((moved, entity))
    random.shuffle(records)
    return records


def _written(name: str, random: Random) -> str:
    """A name as another source writes it: short, with another legal form, or with a typo."""
    words = [SHORT.get(word, word) if random.random() < 0.3 else word for word in name.split()]
    text = " ".join(words)
    if random.random() < 0.08:
        place = random.randrange(1, len(text) - 1)
        text = random.choice((text[:place] + text[place] + text[place:], text[:place] + text[place + 1 :]))
    return text + random.choice(FORMS)


def merged(kind: Kind[Any], truth: Truth, clean: Callable[[Any], None]) -> tuple[list[int], set[tuple[int, int]]]:
    """The cluster of each record, and the pairs of clusters on the review list."""
    ids = (UUID(int=number) for number in range(1, 10**9))
    book: Book[Any] = Book(kind, lambda: next(ids))
    entries = []
    for record, _ in truth:
        clean(record)
        entries.append(book.add(record, kind.to_row(record) | {"company_id": None}, None)[0])
    doubts = {(one.int, other.int) for one, other in (doubt.ids() for doubt in book.doubts())}
    return [entry.final().row["id"].int for entry in entries], doubts


def by_any(truth: Truth, keys: Callable[[Any], Iterable[str | None]]) -> list[int]:
    """The peer: records with any key in common are one."""
    parent = list(range(len(truth)))

    def root(place: int) -> int:
        while parent[place] != place:
            place = parent[place]
        return place

    first: dict[str, int] = {}
    for place, (record, _) in enumerate(truth):
        for key in keys(record):
            if key:
                parent[root(place)] = root(first.setdefault(key.lower(), place))
    return [root(place) for place in range(len(truth))]


def judged(truth: Truth, clusters: Sequence[int]) -> dict[str, float]:
    """Precision and recall by pairs of records."""
    cells = Counter(zip(clusters, (entity for _, entity in truth), strict=True))

    def pairs(counts: Iterable[int]) -> int:
        return sum(count * (count - 1) // 2 for count in counts)

    right = pairs(cells.values())
    told, real = pairs(Counter(clusters).values()), pairs(Counter(entity for _, entity in truth).values())
    return {"precision": round(right / told, 4) if told else 1.0, "recall": round(right / real, 4) if real else 1.0}


def grey(truth: Truth, clusters: Sequence[int], doubts: set[tuple[int, int]]) -> dict[str, int]:
    """How many pairs wait for people, and how many of those are one."""
    entities: dict[int, set[int]] = defaultdict(set)
    for cluster, (_, entity) in zip(clusters, truth, strict=True):
        entities[cluster].add(entity)
    return {"pairs": len(doubts), "one": sum(bool(entities[a] & entities[b]) for a, b in doubts)}


def measure(number: int, seed: int = 7) -> dict[str, Any]:
    """Figures of ours and of the peer over `number` companies and as many people."""

    def hashed(kind: str, value: str) -> bytes:
        return f"{kind}:{value}".encode()

    firms, folk = companies(number, Random(seed)), people(number, Random(seed + 1))
    plain = {
        "companies": judged(firms, by_any(firms, lambda one: (one.uei, one.ein, one.domain, one.name))),
        "people": judged(folk, by_any(folk, lambda one: (one.email, one.linkedin_url, one.full_name))),
    }
    clusters, doubts = merged(company_kind(hashed), firms, clean_company)
    ours: dict[str, Any] = {"companies": judged(firms, clusters) | {"review": grey(firms, clusters, doubts)}}
    clusters, doubts = merged(contact_kind(hashed), folk, clean_contact)
    ours["people"] = judged(folk, clusters) | {"review": grey(folk, clusters, doubts)}
    return {"ours": ours, "peer": plain, "records": len(firms) + len(folk)}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    found = measure(2_000 if parser.parse_args().quick else 10_000)
    peer = "any exact key"
    ratios = {
        f"{kind} {figure}": round(found["ours"][kind][figure] / found["peer"][kind][figure], 2)
        for kind in ("companies", "people")
        for figure in ("precision", "recall")
    }
    result = {
        "name": "identity",
        "unit": "share of pairs of records",
        "ours": found["ours"],
        "peers": {peer: found["peer"]},
        "ratios": {peer: ratios},
        "records": found["records"],
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f}",
        "versions": {"python": platform.python_version(), "rapidfuzz": version("rapidfuzz")},
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
