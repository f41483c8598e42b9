"""Writes to AWS: inputs are validated first, and resources created at most once."""
