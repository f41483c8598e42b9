"""Edges between resources: the models of snapshots, runtimes and jobs, and the origins of models."""
