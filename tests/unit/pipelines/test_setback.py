import pytest

from leadspiders.apis.http import Call, converse
from leadspiders.errors import (
    CredentialRefused,
    NotPublished,
    QuotaUsedUp,
    RateLimited,
    RequestRefused,
    Unavailable,
    Unreachable,
    Unreadable,
)
from leadspiders.pipelines.setback import LONGEST_REST_SECONDS, Meaning, Stumbled, guarded, meaning, rest_seconds


@pytest.mark.parametrize(
    ("error", "means"),
    [
        (CredentialRefused("no"), Meaning.STOP),
        (QuotaUsedUp("no"), Meaning.STOP),
        (RateLimited("no"), Meaning.WAIT),
        (Unavailable("no"), Meaning.WAIT),
        (Unreachable("no"), Meaning.WAIT),
        (TimeoutError(), Meaning.WAIT),
        (RuntimeError("whatever a download raises"), Meaning.WAIT),
        (RequestRefused("no"), Meaning.LEADS),
        (Unreadable("no"), Meaning.LEADS),
        (NotPublished("no"), Meaning.LEADS),
        (Stumbled("no"), Meaning.LEADS),
    ],
)
def test_what_an_error_means(error: Exception, means: Meaning) -> None:
    assert meaning(error) is means


def test_rests_double_up_to_a_limit() -> None:
    rests = [rest_seconds(Unavailable("no"), failures) for failures in (1, 2, 3, 10_000)]
    assert rests == [5, 10, 20, LONGEST_REST_SECONDS]


@pytest.mark.parametrize(("asked", "rest"), [(None, 5), (2, 5), (10, 10), (3600, 3600)])
def test_a_rest_is_as_long_as_the_service_asks(asked: float | None, rest: float) -> None:
    assert rest_seconds(RateLimited("no", retry_after=asked), 1) == rest


def test_mistakes_in_a_conversation_are_told_from_those_on_the_way() -> None:
    def conversation(error: Exception):  # type: ignore[no-untyped-def]
        yield Call(api="hubspot", path="/")
        raise error

    with pytest.raises(Stumbled, match="KeyError"):
        converse(guarded(conversation(KeyError("email"))), [None])  # type: ignore[list-item]
    with pytest.raises(Unavailable):
        converse(guarded(conversation(Unavailable("no"))), [None])  # type: ignore[list-item]
