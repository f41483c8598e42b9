"""The ways from one version of the tables to the next; registry/versions.py goes them."""
