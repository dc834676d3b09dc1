"""The credentials of this installation: a ring for each API, in the order in which they are tried.

Everybody above speaks of a credential by its id, which is no secret: it may stand in Redis, in a log, on a page. Only
the last hop asks for the secret itself.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import Any, Self

from leadspiders.guard.keyed_hash import keyed_hash

_OF_THIS_PROCESS = secrets.token_bytes(32)


@dataclass(frozen=True, slots=True)
class Credential:
    """One key of one API. Keys of the same team, or without one, share the limits that the provider sets a team."""

    id: str
    api: str
    secret: str = field(repr=False)
    team: str | None = None


class Keyring:
    """Looks credentials up by API and by id."""

    def __init__(self, credentials: Sequence[Credential]) -> None:
        self._rings: dict[str, tuple[Credential, ...]] = {}
        for one in credentials:
            self._rings[one.api] = (*self._rings.get(one.api, ()), one)
        self._by_id = {one.id: one for one in credentials}

    def __repr__(self) -> str:
        return f"Keyring({', '.join(self._by_id)})"

    @classmethod
    def of(
        cls,
        credentials: Mapping[str, Sequence[str]],
        hash_key: str | None = None,
        teams: Mapping[str, Sequence[str | None]] | None = None,
    ) -> Self:
        """From the settings LEADS_CREDENTIALS, LEADS_HASH_KEY (hex) and LEADS_TEAMS, whose lists run side by side.

        Without the installation's key, the ids hold for this process only: a plain hash of a key could be searched
        for, and a crawl always has one.
        """
        key = bytes.fromhex(hash_key) if hash_key else _OF_THIS_PROCESS
        return cls(
            [
                Credential(credential_id(api, secret, key), api, secret, team)
                for api, ring in credentials.items()
                for secret, team in dict(
                    zip(ring, chain((teams or {}).get(api, ()), repeat(None)), strict=False)
                ).items()
            ]
        )

    @classmethod
    def of_settings(cls, settings: Mapping[Any, Any]) -> Self:
        """From the settings of a crawl or a command."""
        return cls.of(
            settings.get("LEADS_CREDENTIALS") or {}, settings.get("LEADS_HASH_KEY"), settings.get("LEADS_TEAMS")
        )

    def ring(self, api: str) -> tuple[Credential, ...]:
        """The credentials of an API, in the order in which they are tried; none for one that is asked without."""
        return self._rings.get(api, ())

    def apis(self) -> set[str]:
        """The APIs that there is a credential of."""
        return set(self._rings)

    def secrets(self) -> list[str]:
        """Every secret, for who has to blot them out of what others write."""
        return [one.secret for one in self._by_id.values()]

    def by_id(self, id: str) -> Credential | None:  # noqa: A002  the word of the house
        """The credential with this id, unless it was removed."""
        return self._by_id.get(id)


def credential_id(api: str, secret: str, hash_key: bytes) -> str:
    """`<api>-<8 hex>`: the same on every machine of an installation, and of no use to anybody without its key."""
    return f"{api}-{keyed_hash(hash_key)(f'credential:{api}', secret)[:4].hex()}"
