"""Edges between resources: which model a snapshot, a runtime or a job belongs to."""
