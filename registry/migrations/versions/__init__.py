"""One file for each version of the tables, named after its number; released ones are never changed."""
