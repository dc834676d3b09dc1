"""How many establishments a market holds, as BLS counts them: shared by all campaigns.

`size_min` and `size_max` are the employees of one `unit` in March; a class without `size_max` is open-ended (class 9:
1,000 and more), and class 0 is all of them.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, Table, Text
from sqlalchemy import text as text_sql

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
    Column("size_min", SmallInteger),
    Column("size_max", SmallInteger),
    Column("unit", Text, nullable=False, server_default="establishments"),
    document("extras"),
    text("source"),
    text("run_id"),
    text("receipt"),
    moment("collected_at"),
    moment("created_at", now=True),
    moment("updated_at", now=True),
    # State x sector by size class: a few thousand rows among millions, asked for by every plan.
    Index("market_cells_sizes", "size_code", "year", postgresql_where=text_sql("agglvl_code = '64'")),
)
