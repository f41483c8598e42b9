"""The inventory: caches of everything that one scope has read from SageMaker, so that no call is repeated."""
