"""Migrations between versions of the tables; registry/schema_versions.py runs them."""
