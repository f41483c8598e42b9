"""Benchmarks: the cost of queries, against peers, with the numbers kept."""
