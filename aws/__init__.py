"""SageMaker, S3 and CloudWatch as typed functions; the inventory of what a scope has seen."""
