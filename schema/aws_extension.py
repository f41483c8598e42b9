"""Response extension `aws`: role, region and calls of the request."""

from abc import abstractmethod
from typing import Any

from strawberry.extensions import SchemaExtension

from resolvers.request import Request


class ResponseExtension(SchemaExtension):
    """Adds entries of the request to the response, and does nothing else."""

    @staticmethod
    @abstractmethod
    def results_of(request: Any) -> dict[str, Any]:
        """The entries to add for a request, once the operation has been answered."""

    def get_results(self) -> dict[str, Any]:
        """The entries to add to this response."""
        return self.results_of(self.execution_context.context)


class AwsCallsExtension(ResponseExtension):
    """Adds `extensions.aws`."""

    @staticmethod
    def results_of(request: Request) -> dict[str, Any]:
        """The account of this request; `scopes` only if it has used more than one."""
        stats, scopes = request.call_stats, request.scopes
        account: dict[str, Any] = {
            "role": scopes[0].role if scopes else None,
            "region": scopes[0].region if scopes else None,
            "calls": dict(sorted(stats.calls.items())),
            "throttled": stats.throttled,
            "shared": stats.shared,
            "stale": stats.stale,
            "cached": stats.cached,
            "asOf": stats.as_of.isoformat() if stats.as_of else None,
        }
        if len(scopes) > 1:
            account["scopes"] = [{"role": scope.role, "region": scope.region} for scope in scopes]
        return {"aws": account}
