"""AWS credentials of callers: one module for each way of getting them, and one store that keeps them."""
