"""Deployments: lists, actions, relations."""
