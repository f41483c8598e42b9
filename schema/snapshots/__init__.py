"""Snapshots: types and mutations."""
