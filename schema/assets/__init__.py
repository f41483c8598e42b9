"""Assets: types and mutations."""
