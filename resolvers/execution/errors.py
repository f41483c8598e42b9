"""Errors of planning."""


class UnplannableError(Exception):
    """A document that this executor cannot answer, so that graphql-core does.

    Attributes:
        reason: The reason in a word or two, which is counted.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
