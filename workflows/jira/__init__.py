"""Tickets in Jira: filed once, read by REST, decided by their status."""
