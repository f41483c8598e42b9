"""Signed webhooks, sent by durable work."""
