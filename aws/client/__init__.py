"""The way to AWS: clients, calls, retries, rate limits, errors."""
