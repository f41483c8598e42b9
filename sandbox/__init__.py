"""An AWS for the laptop, the tests and the benchmarks."""
