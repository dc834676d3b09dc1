"""dlt loading the same leads as flat records into one table, merged by one key: the shortest way to no twins."""

import os
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

from .store_leads import flat, leads

FORMATS = ("csv", "parquet", "insert_values")
"""Loaders of dlt for Postgres; the fastest of them is the peer."""

_FILL = """
INSERT INTO leads_bench.leads ({names}, linkedin_url, _dlt_load_id, _dlt_id)
SELECT {names}, 'https://www.linkedin.com/in/filled-' || n, _dlt_load_id, md5(n::text)
  FROM (SELECT * FROM leads_bench.leads LIMIT 1) AS one, generate_series(%(first)s, %(last)s) AS n
"""


class Dlt:
    """One pipeline with its own dataset; `None` from `of` when dlt is not installed."""

    def __init__(self, dlt: Any, url: str, folder: Path) -> None:
        self._dlt = dlt
        self._pipeline = dlt.pipeline(
            pipeline_name="leads_bench",
            destination=dlt.destinations.postgres(url),
            dataset_name="leads_bench",
            pipelines_dir=str(folder / "dlt"),
        )

    @classmethod
    def of(cls, url: str, folder: Path) -> "Dlt | None":
        """Quiet, and without telling its makers anything."""
        os.environ |= {"RUNTIME__LOG_LEVEL": "CRITICAL", "RUNTIME__DLTHUB_TELEMETRY": "false"}
        try:
            import dlt  # noqa: PLC0415  it is no part of the development tools
        except ImportError:
            return None
        return cls(dlt, url, folder)

    def fastest(self, number: int) -> str:
        """The loader that is fastest here; the first load of all makes the tables."""
        self.load([flat(person) for person in leads(10, "")], FORMATS[-1])
        found = {}
        for loader in FORMATS:
            rows = [flat(person) for person in leads(number, "")]
            started = perf_counter()
            try:
                self.load(rows, loader)
            except Exception as error:  # noqa: BLE001  a loader whose parts are not installed is none
                print(f"dlt cannot load by {loader}: {str(error).splitlines()[0]}")
                continue
            found[loader] = perf_counter() - started
        return min(found, key=lambda name: found[name])

    def load(self, rows: Sequence[dict[str, Any]], loader: str) -> None:
        """Extract, normalize and merge; raises when not all went in."""
        info = self._pipeline.run(
            rows,
            table_name="leads",
            write_disposition={"disposition": "merge", "strategy": "upsert"},
            primary_key="linkedin_url",
            loader_file_format=loader,
        )
        info.raise_on_failed_jobs()

    def fill(self, connection: Any, rows: int, present: int) -> None:
        """Have so many rows more in its table."""
        columns = [row[0] for row in connection.execute(_COLUMNS)]
        names = ", ".join(name for name in columns if not name.startswith("_dlt") and name != "linkedin_url")
        connection.execute(_FILL.format(names=names), {"first": present + 1, "last": present + rows})
        connection.execute("ANALYZE leads_bench.leads")


_COLUMNS = """
SELECT column_name FROM information_schema.columns WHERE table_schema = 'leads_bench' AND table_name = 'leads'
"""
