"""How far a source was read: what a later crawl need not ask for again.

A question is noted when a run first asks it, and complete when a worker of the run found nothing more to do and none of
them left a gap. Only what is complete counts, from the day it was begun: what changed since may be missing.
"""

from datetime import date

from leadspiders.stores.postgres.pool import Database

# A worker that died with errors may have left a gap that it could not note any more.
_COMPLETE = """
complete AND gaps = 0 AND NOT EXISTS (
  SELECT 1 FROM scraping_logs l
   WHERE l.run_id = w.run_id AND l.source = w.source AND l.status = 'running' AND l.errors > 0)
"""
_BEGIN = f"""
INSERT INTO watermarks (run_id, source, question, since, upto)
SELECT %(run_id)s, %(source)s, %(question)s,
       (SELECT max(upto) FROM watermarks w
         WHERE source = %(source)s AND question = %(question)s AND file = '' AND NOT %(again)s AND {_COMPLETE}),
       %(today)s
ON CONFLICT (run_id, source, question, file) DO UPDATE SET question = excluded.question
RETURNING since
"""  # noqa: S608  the text above
_END = """
INSERT INTO watermarks (run_id, source, question, file, upto, complete, gaps)
VALUES (%(run_id)s, %(source)s, %(question)s, %(file)s, %(today)s, %(complete)s, %(gaps)s)
ON CONFLICT (run_id, source, question, file) DO UPDATE
   SET complete = watermarks.complete OR excluded.complete, gaps = watermarks.gaps + excluded.gaps
"""
_FILES = f"""
SELECT DISTINCT file FROM watermarks w WHERE source = %s AND question = %s AND file <> '' AND {_COMPLETE}
"""  # noqa: S608  the text above


async def begin(
    database: Database, *, run_id: str, source: str, question: str, today: date, again: bool = False
) -> date | None:
    """Note that a run asks a question; returns the day from which on changes are all that is new, None: everything is.

    All workers of a run are told the same, whenever they come. `again` forgets what was read before.
    """
    values = {"run_id": run_id, "source": source, "question": question, "today": today, "again": again}
    async with database.connection() as connection:
        row = await (await connection.execute(_BEGIN, values)).fetchone()
    return row[0] if row else None


async def end(
    database: Database,
    *,
    run_id: str,
    source: str,
    question: str,
    today: date,
    complete: bool,
    gaps: int,
    file: str = "",
) -> None:
    """Note how a worker left a question, or one `file` that answers it: read to the end, and with how many gaps."""
    values = {
        "run_id": run_id,
        "source": source,
        "question": question,
        "file": file,
        "today": today,
        "complete": complete,
        "gaps": gaps,
    }
    async with database.connection() as connection:
        await connection.execute(_END, values)


async def files_read(database: Database, *, source: str, question: str) -> frozenset[str]:
    """Names of the files that were read to the end for this question."""
    async with database.connection() as connection:
        rows = await (await connection.execute(_FILES, [source, question])).fetchall()
    return frozenset(row[0] for row in rows)
