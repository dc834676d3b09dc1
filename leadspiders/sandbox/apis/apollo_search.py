"""Who a search at Apollo finds: its filters against the people and companies of the world."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache

from leadspiders.sandbox.apis.apollo_parameters import Parameters, flag, listed, refusal
from leadspiders.sandbox.state import Refused
from leadspiders.sandbox.world import titles
from leadspiders.sandbox.world.companies import Company
from leadspiders.sandbox.world.people import Person
from leadspiders.sandbox.world.places import Place
from leadspiders.sandbox.world.truth import World

PersonTest = Callable[[Person], bool]
CompanyTest = Callable[[Company], bool]
_COUNTRIES = dict.fromkeys(("us", "usa", "u.s.", "united states of america"), "united states")


def find_people(world: World, parameters: Parameters) -> list[Person]:
    """The people that fit all filters, in Apollo's order."""
    tests = [*_person_tests(parameters), *(_about_company(test) for test in _shared_company_tests(parameters))]
    domains = listed(parameters, "q_organization_domains_list")
    found: Iterable[Person] = world.people
    if domains:
        found = [person for domain in dict.fromkeys(_domains(domains)) for person in world.by_domain.get(domain, ())]
    return [person for person in found if all(test(person) for test in tests)]


def find_companies(world: World, parameters: Parameters) -> list[Company]:
    """The companies that fit all filters."""
    tests = _shared_company_tests(parameters)
    if domains := set(_domains(listed(parameters, "q_organization_domains_list"))):
        tests.append(lambda company: company.domain in domains)
    if name := str(parameters.get("q_organization_name") or "").lower():
        tests.append(lambda company: name in company.name.lower())
    if tags := [tag.lower() for tag in listed(parameters, "q_organization_keyword_tags")]:
        tests.append(lambda company: any(tag in word for tag in tags for word in (*company.keywords, company.industry)))
    if away := listed(parameters, "organization_not_locations"):
        tests.append(lambda company: not lives_in(company.place, "United States", away))
    everyone = (*world.marketing, *world.employers)
    return [company for company in everyone if company.listed and all(test(company) for test in tests)]


def lives_in(place: Place, country: str, wanted: Sequence[str]) -> bool:
    """Whether a place is in one of `Ohio, US`, `Austin, Texas`, `San Francisco Bay Area`, `United States`."""
    return any(_in(place, country, each) for each in wanted)


def _person_tests(parameters: Parameters) -> list[PersonTest]:
    tests: list[PersonTest] = []
    similar = flag(parameters, "include_similar_titles", default=True)
    if wanted := listed(parameters, "person_titles"):
        # Many people share a title: each is judged once a search.
        judged = cache(lambda title: any(titles.matches(title, each, similar) for each in wanted))
        tests.append(lambda person: judged(person.title))
    if ranks := set(listed(parameters, "person_seniorities")):
        tests.append(lambda person: person.seniority in ranks)
    if places := listed(parameters, "person_locations"):
        inside = cache(lambda place, country: lives_in(place, country, places))
        tests.append(lambda person: inside(person.place, person.country))
    if statuses := {status.replace("_", " ") for status in listed(parameters, "contact_email_status")}:
        tests.append(lambda person: person.email_status in statuses)
    if words := str(parameters.get("q_keywords") or "").lower().split():
        tests.append(lambda person: all(word in _text(person) for word in words))
    return tests


def _shared_company_tests(parameters: Parameters) -> list[CompanyTest]:
    tests: list[CompanyTest] = []
    if ids := set(listed(parameters, "organization_ids")):
        tests.append(lambda company: company.id in ids)
    if ranges := [_range(each) for each in listed(parameters, "organization_num_employees_ranges")]:
        tests.append(
            lambda company: (
                (staff := company.known_employees) is not None and any(low <= staff <= high for low, high in ranges)
            )
        )
    if places := listed(parameters, "organization_locations"):
        tests.append(lambda company: lives_in(company.place, "United States", places))
    if (least := parameters.get("revenue_range[min]")) is not None:
        tests.append(lambda company: company.revenue >= float(least))
    if (most := parameters.get("revenue_range[max]")) is not None:
        tests.append(lambda company: company.revenue <= float(most))
    return tests


def _about_company(test: CompanyTest) -> PersonTest:
    return lambda person: test(person.company)


def _text(person: Person) -> str:
    company = person.company
    return " ".join((person.title, person.name.full, company.name, company.industry, *company.keywords)).lower()


def _domains(given: Sequence[str]) -> list[str]:
    if len(given) > 1000:
        raise Refused(refusal(422, "q_organization_domains_list takes up to 1,000 domains"))
    return [domain.lower() for domain in given]


def _range(text: str) -> tuple[float, float]:
    """`51,200`, or open-ended `10001,`."""
    low, _, high = text.partition(",")
    try:
        return float(low or 0), float(high) if high else float("inf")
    except ValueError as error:
        raise Refused(refusal(422, f"organization_num_employees_ranges: {text} is no range like 51,200")) from error


def _in(place: Place, country: str, wanted: str) -> bool:
    """`New York` is the state or the city, `New York, New York` the city."""
    parts = [plain for part in wanted.lower().split(",") if (plain := _plain(part))]
    if parts and parts[-1] in _COUNTRIES.values():
        if parts.pop() != country.lower():
            return False
        if not parts:
            return True
    if country != "United States":
        return parts == [country.lower()]
    state = {place.state.name.lower(), place.state.code.lower()}
    city = {place.city.lower(), place.metro.lower()} - {""}
    if len(parts) == 1:
        return parts[0] in state | city
    return len(parts) == 2 and parts[0] in city and parts[1] in state


def _plain(part: str) -> str:
    text = part.strip().removeprefix("greater ")
    for suffix in (" metropolitan area", " metro area", " bay area", " area"):
        text = text.removesuffix(suffix)
    return _COUNTRIES.get(text, text)
