"""The Jira approval backend: tickets are issues, filed once and decided by their status."""
