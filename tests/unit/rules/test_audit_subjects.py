import pytest

from leadspiders.apis.http import Call, Conversation, converse
from leadspiders.items.company import Company
from leadspiders.items.contact import Contact
from leadspiders.rules.audit_subjects import about, subjects

ANN = Contact(
    first_name="Ann",
    last_name="Doe",
    full_name="Ann Doe",
    email="ann@acme.example",
    linkedin_url="https://www.linkedin.com/in/ann-doe",
    provider_key="apollo:a1b2c3",
    company=Company(domain="acme.example"),
)
BOB = Contact(first_name="Bob", last_name="Roe", email="bob@acme.example", company=Company(domain="acme.example"))
OF_ANN = ("ann@acme.example", "https://www.linkedin.com/in/ann-doe", "apollo:a1b2c3")


def call(path: str = "/x", params: tuple[tuple[str, str], ...] = (), json: object = None) -> Call:
    return Call(api="apollo", path=path, params=params, json=json)


def test_a_person_is_named_by_any_of_their_traits_or_their_name() -> None:
    for one in (
        call(params=(("email", "Ann@ACME.example"),)),
        call(path="/people/ann%40acme.example"),
        call(json={"details": [{"id": "a1b2c3"}]}),
        call(json={"url": "http://linkedin.com/in/Ann-Doe/"}),
        call(json={"first_name": "Ann", "last_name": "Doe"}),
    ):
        assert subjects(one, [ANN, BOB]) == OF_ANN


def test_a_call_that_names_nobody_is_about_nobody() -> None:
    assert subjects(call(params=(("job_id", "12"), ("domain", "acme.example"))), [ANN, BOB]) == ()


def test_each_call_of_a_conversation_tells_its_own() -> None:
    def talk() -> Conversation[int]:
        got = yield call(json=["ann@acme.example", "bob@acme.example"])
        yield call(params=(("job_id", "1"),))
        return got.status

    reply = type("Reply", (), {"status": 200})
    status, made = converse(about(talk(), [ANN, BOB]), [reply, reply])  # type: ignore[list-item]
    assert status == 200
    assert [one.subjects for one in made] == [(*OF_ANN, "bob@acme.example"), ()]


def test_what_is_thrown_in_reaches_the_conversation() -> None:
    def talk() -> Conversation[str]:
        try:
            yield call()
        except TimeoutError:
            return "told"
        return "not told"

    conversation = about(talk(), [ANN])
    next(conversation)
    with pytest.raises(StopIteration) as end:
        conversation.throw(TimeoutError())
    assert end.value.value == "told"
