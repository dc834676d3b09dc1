import asyncio

from leadspiders.stores.postgres.incidents import close_incident, open_incident, open_incidents
from leadspiders.stores.postgres.pool import Database
from leadspiders.stores.postgres.status import status


def test_an_incident_is_opened_once_and_again_after_its_end(database: str) -> None:
    async def main() -> list[object]:
        opened = Database(database)
        try:
            first = await open_incident(opened, "provider-down", "apollo:bulk", campaign="spring", details={"why": "x"})
            again = await open_incident(opened, "provider-down", "apollo:bulk", campaign="autumn")
            other = await open_incident(opened, "provider-down", "hunter:default")
            (found, _) = await open_incidents(opened)
            shown = (await status(opened, "summer"))["incidents"]
            closed = [await close_incident(opened, "provider-down", "apollo:bulk") for _ in range(2)]
            later = await open_incident(opened, "provider-down", "apollo:bulk")
            shown_subjects = [one["subject"] for one in shown]
            return [
                first == found.id,
                shown_subjects,
                again,
                bool(other),
                found.campaign,
                found.details,
                closed,
                bool(later),
            ]
        finally:
            await opened.close()

    assert asyncio.run(main()) == [
        True,
        ["apollo:bulk", "hunter:default"],
        None,
        True,
        "spring",
        {"why": "x"},
        [True, False],
        True,
    ]
