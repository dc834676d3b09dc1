"""What a cassette file looks like: what is kept of a recording, and when a request counts as the recorded one.

Whatever differs from one recording to the next without meaning anything is left out or made the same, so that a change
in a cassette is a change of the service.
"""

import base64
import json
import re
from typing import Any

from betamax import Betamax
from betamax.cassette import Cassette, Interaction
from betamax.matchers import BaseMatcher
from betamax.serializers import JSONSerializer
from requests import PreparedRequest

from leadspiders.apis.registry import APIS
from tests.cassettes.driver import NOW

KEPT_OF_REQUESTS = {"accept", "content-type", *(api.auth_field.lower() for api in APIS.values())}
KEPT_OF_RESPONSES = re.compile(
    r"content-(type|encoding)|retry-after|x-rate-limit-.+|x-.+-(usage|requests-left)|x-(hubspot-)?ratelimit-.+"
)
NEW_EACH_TIME = re.compile(r'("(?:correlationId|requestId|transaction_id|timestamp)": ?)"[^"]*"')
MOST_ROWS = 30  # a BLS slice has hundreds to many thousands


def tidy(interaction: Interaction, _: Cassette) -> None:
    """Cut an interaction down to what is kept, before it is recorded and before anybody reads it."""
    interaction.data["recorded_at"] = f"{NOW:%Y-%m-%dT%H:%M:%S}"
    request, response = interaction.data["request"], interaction.data["response"]
    request["headers"] = {
        name.lower(): value for name, value in request["headers"].items() if name.lower() in KEPT_OF_REQUESTS
    }
    response["headers"] = {
        name.lower(): value for name, value in response["headers"].items() if KEPT_OF_RESPONSES.fullmatch(name.lower())
    }
    for message in (request, response):
        message["body"] = legible(message["body"])
    body = response["body"]
    if text := body.get("string"):
        body["string"] = NEW_EACH_TIME.sub(r'\1"the same in every recording"', text)
    if response["headers"].get("content-type", [""])[0].startswith("text/csv"):
        body["string"] = some_rows(body["string"])


def legible(body: dict[str, str]) -> dict[str, str]:
    """A body as text where it is text; one that was packed stays in base64."""
    raw = base64.b64decode(body["base64_string"])
    try:
        return {"encoding": "utf-8", "string": raw.decode()}
    except UnicodeDecodeError:
        return body


def some_rows(table: str) -> str:
    """The header of a CSV table and at most 30 of its rows, from all over it."""
    header, *rows = table.splitlines(keepends=True)
    step = -(-len(rows) // MOST_ROWS) or 1
    return "".join([header, *rows[::step]])


class Legible(JSONSerializer):  # type: ignore[misc]  # betamax has no types
    """A cassette as JSON with one value a line, in the same order each time."""

    name = "legible"

    def serialize(self, cassette_data: dict[str, Any]) -> str:
        """The text of the file."""
        return json.dumps(cassette_data, indent=1, sort_keys=True) + "\n"


class SameBody(BaseMatcher):  # type: ignore[misc]  # betamax has no types
    """Whether two bodies say the same: JSON by its meaning, anything else by its letters."""

    name = "same-body"

    def match(self, request: PreparedRequest, recorded_request: dict[str, Any]) -> bool:
        """Compare a request with the recorded one."""
        assert request.body is None or isinstance(request.body, bytes)
        asked, recorded = (request.body or b"").decode(), str(recorded_request["body"]["string"])
        return bool(meaning(asked) == meaning(recorded))


def meaning(body: str) -> Any:
    """What JSON says, or the text that is none."""
    try:
        return json.loads(body)
    except ValueError:
        return body


MATCH_ON = ["method", "uri", SameBody.name]

Betamax.register_serializer(Legible)
Betamax.register_request_matcher(SameBody)
with Betamax.configure() as config:
    config.before_record(callback=tidy)
