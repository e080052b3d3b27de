"""The database: tables, and the queries on them."""
