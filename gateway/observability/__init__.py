"""What can be seen of the running process: metrics, traces and the request line."""
