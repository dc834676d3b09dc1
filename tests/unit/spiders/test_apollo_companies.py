from leadspiders.campaigns.target import Between, Target
from leadspiders.items.company import Company
from leadspiders.spiders.apollo_companies import Question, next_page, sized, stated

TARGET = Target(industries=("machinery",), company_types=("agency",), employees=Between(min=50, max=1200))


def test_employers_of_ours_are_asked_about_by_domain_and_size_alone():
    question = stated(TARGET, ("Ohio, US",), ("a.example", "b.example"))
    assert question == Question(employees=((50, 1200),), domains=("a.example", "b.example"))


def test_the_profile_is_asked_about_by_industry_place_and_size():
    question = stated(TARGET, ("Ohio, US",), ())
    assert question == Question(keywords=("machinery",), locations=("Ohio, US",), employees=((50, 1200),))
    assert stated(Target(company_types=("agency",)), (), ()) == Question(keywords=("agency",))


def test_pages_end_with_the_companies_or_with_what_apollo_shows():
    question = stated(TARGET, (), ())
    assert [next_page(question, page, 201).json["page"] for page in (0, 1, 2)] == [1, 2, 3]
    assert next_page(question, 0, None).credits == 1.0
    assert next_page(question, 3, 201) is None
    assert next_page(question, 2, 200) is None
    assert next_page(question, 500, 90_000) is None


def test_the_range_that_found_a_company_is_its_staff_unless_the_page_knows_better():
    question = stated(TARGET, (), ("a.example",))
    found, known = sized(Company(), question), sized(Company(employees=70), question)
    assert (found.employees, found.employee_min, found.employee_max) == (None, 50, 1200)
    assert (known.employees, known.employee_min) == (70, None)
    assert sized(Company(), Question(domains=("a.example",))).employee_min is None
