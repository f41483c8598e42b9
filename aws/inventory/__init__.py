"""The inventory: caches of what one scope has read from SageMaker, so that nothing is asked twice."""
