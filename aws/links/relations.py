"""Resources that belong to a model, and gaps: resources that could not be seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aws.client.errors import AWSError
from aws.kinds.catalog import AnyResource
from aws.kinds.kind import Kind
from aws.links.job_matching import MatchReason


@dataclass(frozen=True, slots=True)
class RelatedResource:
    """A resource that belongs to a model.

    Attributes:
        resource: The resource.
        match: The reason for which a job belongs to the model; None for other kinds.
    """

    resource: AnyResource
    match: MatchReason | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Resources of a kind that could not be seen.

    Attributes:
        kind: The kind.
        reason: AWS's refusal; None if the scan stopped at its bound.
        names: The names of listed resources that cannot be read; empty if the whole kind cannot.
        since: The creation time below which the bounded scan did not search; None for a refusal.
    """

    kind: Kind
    reason: AWSError | None
    names: tuple[str, ...] = ()
    since: datetime | None = None

    def hides(self, created_at: datetime) -> bool:
        """Tell whether a resource created at `created_at` may exist although none was found."""
        if self.reason is None:
            return self.since is None or created_at < self.since
        return not self.names


RelatedAndGaps = tuple[Sequence[RelatedResource], Sequence[Gap]]
"""Resources of a model, and the gaps among them."""
