"""From SageMaker's answers to values: one module per kind, and the table of them all."""
