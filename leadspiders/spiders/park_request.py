"""Keeps a request that its source will not answer, so that a gap in the crawl is somebody's to close and not unseen.

The request counts as one record that was seen and parked: the ledger adds up, and the row in `parked_records` says what
was asked. Credentials are put in at the last hop, so there is none in it.
"""

from datetime import UTC, datetime

from scrapy.http import Response
from scrapy.utils.request import fingerprint

from leadspiders.apis.refusals import scrub
from leadspiders.context import Context
from leadspiders.errors import ApiError
from leadspiders.items.origin import Origin
from leadspiders.stores.postgres.receipts import open_receipt
from leadspiders.stores.postgres.writer import Refusal


async def park_request(context: Context, response: Response, error: ApiError) -> None:
    """Park the request of a response that raised this error, with the stage `source`."""
    assert response.request
    request = response.request
    receipt = f"{fingerprint(request).hex()}.0"
    await open_receipt(
        context.database,
        run_id=context.run_id,
        receipt=receipt,
        campaign=context.campaign.name,
        source=context.source,
        url=request.url,
        seen=1,
        raw=response.body,
    )
    origin = Origin(
        source=context.source,
        url=request.url,
        fetched_at=datetime.now(UTC),
        run_id=context.run_id,
        receipt=receipt,
        index=0,
    )
    asked = {"method": request.method, "url": request.url, "body": scrub(request.body.decode("utf-8", "replace"))}
    await context.write(
        Refusal(
            origin=origin,
            outcome="parked",
            reason=f"request-{type(error).__name__.lower()}",
            stage="source",
            payload={"request": asked, "status": error.status, "said": str(error)},
        )
    )
    context.count("source/parked")
