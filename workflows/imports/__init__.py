"""Imports: one SageMaker model, with all that belongs to it, becomes a registration that lasts."""
