"""Imports of models into the registry."""
