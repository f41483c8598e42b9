"""The adapter by which Strawberry reads a request."""

from cross_web import StarletteRequestAdapter
from strawberry.http import GraphQLRequestData


class RequestAdapter(StarletteRequestAdapter):
    """A request whose media type is compared as RFC 9110 wants it: Strawberry looks for it in lower case alone."""

    @property
    def content_type(self) -> str | None:
        """The media type and its parameters."""
        return (super().content_type or "").lower()

    def keep(self, sent: GraphQLRequestData) -> None:
        """Store the request's operation, as it was sent, in the scope, for the log and the metrics."""
        self._request.scope["sent"] = sent
