"""What a described API is asked: the templates of its file, filled in with what a lead has."""

from typing import Any
from urllib.parse import quote

from leadspiders.apis.described.description import Description
from leadspiders.apis.described.kinds import IN_BRACES
from leadspiders.apis.http import Call
from leadspiders.items.contact import Contact

Values = dict[str, str]


def values(contact: Contact) -> Values:
    """What a lead has, by placeholder."""
    held = {
        "email": contact.email,
        "first_name": contact.first_name,
        "last_name": contact.last_name,
        "full_name": contact.full_name,
        "domain": contact.company.domain,
        "company_name": contact.company.name,
        "linkedin_url": contact.linkedin_url,
    }
    return {name: value for name, value in held.items() if value}


def question_call(description: Description, held: Values) -> Call:
    """The call about one lead. Of its parts those are left out whose placeholder is empty."""
    request = description.request
    params = {name: _filled(template, held) for name, template in request.params.items()}
    return Call(
        api=description.api_name,
        method=request.method,
        path=IN_BRACES.sub(lambda found: quote(held[found[1]], safe=""), request.path),
        params=tuple((name, value) for name, value in params.items() if value is not None),
        json=_body(request.body, held) if request.method == "POST" else None,
        headers=dict(request.headers),
        credits=description.credits,
        purpose=f"ask {description.name}",
    )


def _body(value: Any, held: Values) -> Any:
    if isinstance(value, str):
        return _filled(value, held)
    if isinstance(value, dict):
        filled = {name: _body(inner, held) for name, inner in value.items()}
        return {name: inner for name, inner in filled.items() if inner is not None}
    if isinstance(value, list):
        return [inner for inner in (_body(inner, held) for inner in value) if inner is not None]
    return value


def _filled(template: str, held: Values) -> str | None:
    """In one pass, so that braces in a name stay what they are; None where something is missing."""
    if not held.keys() >= set(IN_BRACES.findall(template)):
        return None
    return IN_BRACES.sub(lambda found: held[found[1]], template)
