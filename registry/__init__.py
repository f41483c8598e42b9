"""What the gateway remembers: imports, assets, results, decisions, audit."""
