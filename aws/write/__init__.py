"""Writes to AWS: validated first, created at most once."""
