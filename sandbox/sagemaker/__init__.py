"""A SageMaker that behaves as documented: its records, its rules, its timeline."""
