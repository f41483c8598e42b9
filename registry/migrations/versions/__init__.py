"""One file for each version of the tables, named after its number; a later one is added, none is ever changed."""
