"""Approval of deployments, behind one protocol."""
