"""Limits on documents: size, depth, cost."""
