"""The ways from one version of the tables to the next; registry/schema_versions.py goes them."""
