"""What outlives a request: imports, the watch over imported models, a snapshot's way to an endpoint."""
