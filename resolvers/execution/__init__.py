"""Breadth-first execution: a document is compiled once, and each level of a query is answered at once."""
