"""The gateway's records in SQL: imports, assets, results, decisions, audit."""
