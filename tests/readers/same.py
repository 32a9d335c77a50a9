"""Every reader sees the same figures in every format: same.py DATASET EXPORTS."""

import sqlite3
import sys
from decimal import Decimal

import duckdb
import pandas as pd
import polars as pl

dataset, exports = sys.argv[1], sys.argv[2]
KEY = ["report_id", "table", "row", "column"]


def figures(frame):
    """Cell to number, as exact decimals without trailing zeros."""
    frame = frame[frame["value"].notna() & (frame["value"].astype(str) != "")]
    values = [Decimal(str(value)).normalize() for value in frame["value"]]
    return dict(zip(frame[KEY].itertuples(index=False, name=None), values, strict=True))


plain = "report_id, \"table\", \"row\", \"column\", cast(value as varchar) as value, year"
seen = {
    "pandas": pd.read_parquet(f"{dataset}/cells", partitioning=None),
    "polars": pl.scan_parquet(f"{dataset}/cells/**/*.parquet").select(*KEY, pl.col("value").cast(pl.String), "year").collect().to_pandas(),
    "polars, folder": pl.scan_parquet(f"{dataset}/cells").select(*KEY, pl.col("value").cast(pl.String), "year").collect().to_pandas(),
    "duckdb": duckdb.sql(f"select {plain} from '{dataset}/cells/**/*.parquet'").df(),
    "duckdb, hive": duckdb.sql(f"select {plain} from read_parquet('{dataset}/cells/**/*.parquet', hive_partitioning = true)").df(),
    "csv, pandas": pd.read_csv(f"{exports}/csv/cells.csv", dtype="string", encoding="utf-8-sig"),
    "csv, duckdb": duckdb.sql(f"from read_csv('{exports}/csv/cells.csv', all_varchar = true)").df(),
    "sqlite": pd.read_sql("select * from cells", sqlite3.connect(f"{exports}/sqlite/dataset.sqlite")),
    "xlsx": pd.read_excel(f"{exports}/xlsx/dataset.xlsx", sheet_name="cells", dtype={"value": "string"}),
}
first = figures(seen["pandas"])
if not first:
    sys.exit("the dataset has no figures")
for reader, frame in seen.items():
    if figures(frame) != first:
        sys.exit(f"{reader} sees other figures than pandas")
    years = sorted({int(year) for year in frame["year"].dropna()})
    if years != sorted({int(year) for year in seen["pandas"]["year"].dropna()}):
        sys.exit(f"{reader} sees other years than pandas: {years}")
print(f"{len(seen)} readers see the same {len(first)} figures")
