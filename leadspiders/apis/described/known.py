"""The described APIs of this installation: the settings name the files, and nobody else adds to them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from leadspiders.apis.http import Api, Auth, Limit
from leadspiders.apis.registry import APIS
from leadspiders.errors import ArgumentError

if TYPE_CHECKING:
    from leadspiders.apis.described.description import Description

DESCRIBED: dict[str, Description] = {}
"""By the name of the API, in the order of the files."""

MISTAKES: list[str] = []
"""What is wrong with files that were named: told to whoever wants to ask one of the APIs."""


def learn(files: Iterable[Path]) -> None:
    """Add the APIs of these files to all that are known; a file with a mistake adds none."""
    for file in files:
        from leadspiders.apis.described.description import read_description  # noqa: PLC0415 - slow, and few have one

        try:
            description = read_description(file)
        except ArgumentError as error:
            MISTAKES.append(str(error))
            continue
        if DESCRIBED.setdefault(description.api_name, description) != description:
            MISTAKES.append(f'{file}: name: another file describes "{description.name}": choose another name')
        APIS[description.api_name] = api_of(DESCRIBED[description.api_name])


def api_of(description: Description) -> Api:
    """What the rest of the house needs to know of a described API."""
    from leadspiders.apis.described.answer import check  # noqa: PLC0415 - as above

    return Api(
        name=description.api_name,
        base_url=description.base_url,
        auth=Auth(description.auth),
        auth_field={"none": "", "header": description.auth_header}.get(description.auth, "Authorization"),
        key_name=description.key_name or "",
        key_required=description.auth != "none",
        limits=tuple(Limit(group="default", calls=one.calls, seconds=one.seconds) for one in description.limits),
        check=check,
        largest_body=4 * 2**20,
    )
