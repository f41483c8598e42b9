"""What a scope has seen of SageMaker, so that nothing is asked twice and nothing is asked that is not needed."""
