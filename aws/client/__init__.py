"""Calls of AWS: clients, retries, rate limits, errors."""
