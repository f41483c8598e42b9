"""Deployments: types and mutations."""
