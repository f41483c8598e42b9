"""Registrations: lists, updates, relations."""
