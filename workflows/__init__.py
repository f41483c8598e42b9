"""Work that outlives a request: imports, the watch over imported models, deployments."""
