"""The counts of the world for a question: how many people, companies, duplicates and good addresses there are."""

from collections.abc import Mapping, Sequence
from typing import Any

from leadspiders.sandbox.world import mailboxes, titles
from leadspiders.sandbox.world.people import Person
from leadspiders.sandbox.world.registrations import Registration
from leadspiders.sandbox.world.truth import World

QUESTIONS = ("titles", "similar_titles", "states", "metros", "naics", "employees_min", "employees_max", "emails")


class QuestionError(ValueError):
    """Raised for a question that the census does not know."""


def census(world: World, questions: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The truth about the part of the world that was asked for; without a question, about all of it.

    `titles`, `states` (codes), `metros` and `naics` (prefixes) may be repeated or joined by commas; `similar_titles` is
    `true` or `false`; `employees_min` and `employees_max` are head counts. Titles and metros choose people only, NAICS
    and staff companies (and the people at them), states both. `emails` chooses nothing: the answer says what becomes of
    mail to each of them. Raises `QuestionError`.
    """
    unknown = set(questions) - set(QUESTIONS)
    if unknown:
        raise QuestionError(f"the world knows no {', '.join(sorted(unknown))}: ask for {', '.join(QUESTIONS)}")
    asked = {name: _values(given) for name, given in questions.items()}
    people = [person for person in world.people if _person_fits(person, asked)]
    records = [entry for entry in world.registrations if entry.registered and _registration_fits(entry, asked)]
    told = {"seed": world.seed, "asked": asked} | _people_counts(people) | _company_counts(records)
    if "emails" in asked:
        told["emails"] = {address: mailboxes.truth(world, address) for address in asked["emails"]}
    return told


def _people_counts(people: Sequence[Person]) -> dict[str, Any]:
    first = [person for person in people if person.twin_of is None]
    target = [person for person in first if person.kind == "target"]
    lacking = [person for person in target if not person.email_good and mailboxes.reads_mail(person)]
    return {
        "records": len(people),
        "people": len(first),
        "duplicates": len(people) - len(first),
        "in_target": len(target),
        "out_of_target": sum(person.kind == "bystander" for person in first),
        "decision_makers": sum(person.kind == "decision_maker" for person in first),
        "complete": sum(person.complete for person in target),
        "unmatched": sum(not person.matched for person in target),
        "valid_emails": sum(person.email_good and person.matched for person in target),
        "in_metros": sum(bool(person.place.metro) for person in target),
        "reachable": sum(mailboxes.reads_mail(person) for person in target),
        "at_catch_all_hosts": sum(mailboxes.catch_all(person.company.domain) for person in target),
        "email_lacking": len(lacking),
        "email_known_to": {
            provider: sum(mailboxes.knows(provider, person) for person in lacking) for provider in mailboxes.ON_FILE
        },
    }


def _company_counts(records: Sequence[Registration]) -> dict[str, int]:
    first = [record for record in records if record.twin_of is None]
    sized = [record for record in first if record.company.in_size_range]
    return {
        "registrations": len(records),
        "companies": len(first),
        "company_duplicates": len(records) - len(first),
        "in_size_range": len(sized),
        "size_unknown": sum(record.company.known_employees is None for record in first),
        "unlisted": sum(not record.company.listed for record in first),
        "expired": sum(not record.active for record in first),
        "marketing_restricted": sum(record.evs_source == "D&B" for record in first),
    }


def _values(given: Sequence[str]) -> list[str]:
    return [part.strip() for value in given for part in value.split(",") if part.strip()]


def _person_fits(person: Person, asked: Mapping[str, list[str]]) -> bool:
    similar = asked.get("similar_titles", ["true"])[0].lower() != "false"
    wanted = asked.get("titles", [])
    return (
        (not wanted or any(titles.matches(person.title, title, similar) for title in wanted))
        and _among(person.place.state.code, asked.get("states"))
        and _in_metros(person.place.metro, asked.get("metros"))
        and _company_fits(person.company.trade.naics, person.company.employees, asked)
    )


def _registration_fits(record: Registration, asked: Mapping[str, list[str]]) -> bool:
    company = record.company
    return _among(company.place.state.code, asked.get("states")) and _company_fits(
        company.trade.naics, company.employees, asked
    )


def _among(value: str, wanted: Sequence[str] | None) -> bool:
    return not wanted or value.lower() in {each.lower() for each in wanted}


def _in_metros(metro: str, wanted: Sequence[str] | None) -> bool:
    """`New York` is as good as `New York City`."""
    return not wanted or any(metro.lower().startswith(each.lower()) for each in wanted)


def _company_fits(naics: str, employees: int, asked: Mapping[str, list[str]]) -> bool:
    prefixes = tuple(asked.get("naics", ()))
    return (
        (not prefixes or naics.startswith(prefixes))
        and employees >= _number(asked, "employees_min", 0)
        and employees <= _number(asked, "employees_max", 10**9)
    )


def _number(asked: Mapping[str, list[str]], name: str, default: int) -> int:
    given = asked.get(name)
    if not given:
        return default
    try:
        return int(given[0])
    except ValueError as error:
        raise QuestionError(f"{name} is a whole number, not {given[0]}") from error
