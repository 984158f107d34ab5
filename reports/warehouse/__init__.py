"""The warehouse: standings, enrolments and tallies as Parquet for DuckDB, Spark and their like."""
