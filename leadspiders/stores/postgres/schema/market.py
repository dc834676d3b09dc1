"""How many establishments a market holds, as BLS counts them: shared by all campaigns."""

from sqlalchemy import BigInteger, Column, Integer, SmallInteger, Table, Text

from leadspiders.stores.postgres.schema.columns import document, metadata, moment, text

market_cells = Table(
    "market_cells",
    metadata,
    Column("area_fips", Text, primary_key=True),
    Column("own_code", Text, primary_key=True),
    Column("industry_code", Text, primary_key=True),
    Column("agglvl_code", Text, primary_key=True),
    Column("size_code", Text, primary_key=True),
    Column("year", SmallInteger, primary_key=True, autoincrement=False),
    Column("qtr", Text, primary_key=True),
    text("disclosure_code", required=True),
    Column("establishments", Integer),
    Column("employment", Integer),
    Column("total_wages", BigInteger),
    Column("avg_weekly_wage", Integer),
    document("extras"),
    text("source"),
    text("run_id"),
    text("receipt"),
    moment("collected_at"),
    moment("created_at", now=True),
    moment("updated_at", now=True),
)
