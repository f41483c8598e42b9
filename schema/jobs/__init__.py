"""Jobs: types and mutations."""
