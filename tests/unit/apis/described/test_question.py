from pathlib import Path

from leadspiders.apis.described.description import Description, read_description
from leadspiders.apis.described.question import question_call, values
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact

FILES = Path(__file__).parents[4] / "fixtures" / "providers"
DANA = Contact(
    full_name="Dana {email} Field",
    email="dana@example.com",
    company=Company(domain="gear.example.com", name="Gear & Co"),
)


def described(**request):
    return Description.model_validate(
        {
            "name": "mine",
            "base_url": "https://api.mine.example",
            "credits": 2.0,
            "limits": [{"calls": 1, "seconds": 1}],
            "request": request,
            "fills": {"title": "title"},
        }
    )


def test_a_parameter_without_a_value_is_left_out():
    call = question_call(read_description(FILES / "people.toml"), values(DANA))
    assert call.params == (("name", "Dana {email} Field"), ("domain", "gear.example.com"))
    assert (call.api, call.method, call.path, call.credits, call.json) == (
        "http_people",
        "GET",
        "/v1/people",
        1.0,
        None,
    )


def test_what_goes_into_a_path_is_quoted():
    call = question_call(described(path="/c/{company_name}/{email}"), values(DANA))
    assert call.path == "/c/Gear%20%26%20Co/dana%40example.com"


def test_a_body_at_any_depth():
    body = {"who": {"mail": "{email}", "profile": "{linkedin_url}"}, "list": ["{domain}", "{linkedin_url}", 7, True]}
    call = question_call(described(method="POST", path="/q", body=body), values(DANA))
    assert call.json == {"who": {"mail": "dana@example.com"}, "list": ["gear.example.com", 7, True]}


def test_headers_are_sent():
    call = question_call(described(path="/q/{email}", headers={"X-Version": "2"}), values(DANA))
    assert call.all_headers()["X-Version"] == "2"
