"""How each caller comes by AWS credentials: a file for each way of getting them, and one store that keeps them."""
