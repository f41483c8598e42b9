"""Answers to questions: plain functions over domain values, batched by relation."""
