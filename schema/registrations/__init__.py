"""Registrations: types and mutations."""
