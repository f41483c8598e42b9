"""Imports: types and mutations."""
