"""The observable state of the running process: metrics, traces and the request line."""
