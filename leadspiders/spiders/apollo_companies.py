"""Which companies the apollo spider buys by the page, and what a page says of them beside its text.

A hundred companies cost one credit here and a hundred in enrichment. The page shows no staff count; but whoever a
search for 50 to 1,200 staff finds has between 50 and 1,200: that is how employers without a staff count are sized.
"""

from dataclasses import dataclass

from leadspiders.apis.apollo.organizations import LAST_PAGE, MOST_PER_PAGE, search_organizations_call
from leadspiders.apis.http import Call
from leadspiders.campaigns.target import Target
from leadspiders.items.company import Company


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Filters of one company search; `employees` is a range of staff with both ends in, or empty."""

    keywords: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    employees: tuple[tuple[int, int], ...] = ()
    domains: tuple[str, ...] = ()


def stated(target: Target, places: tuple[str, ...], domains: tuple[str, ...]) -> Question:
    """The question about these employers of ours, or without domains the one about the campaign's profile."""
    employees = ((target.employees.min, target.employees.max),) if target.employees else ()
    if domains:
        return Question(employees=employees, domains=domains)
    return Question(keywords=tuple(target.industries or target.company_types), locations=places, employees=employees)


def next_page(question: Question, page: int, total: int | None) -> Call | None:
    """The call for the page after `page`, unless it was the last of `total` companies."""
    if total is not None and page * MOST_PER_PAGE >= min(total, LAST_PAGE * MOST_PER_PAGE):
        return None
    return search_organizations_call(
        keywords=question.keywords,
        locations=question.locations,
        employees=question.employees,
        domains=question.domains,
        page=page + 1,
    )


def sized(company: Company, question: Question) -> Company:
    """The same company, with the range that it was found by where the page tells no staff."""
    if question.employees and company.employees is None:
        company.employee_min, company.employee_max = question.employees[0]
    return company
