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
    """A resource that belongs to a model; `match` says why a job does, and is None for what is no job."""

    resource: AnyResource
    match: MatchReason | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap: resources of a kind that could not be seen.

    Attributes:
        kind: The kind.
        reason: Why not: AWS's refusal, or None where there are more than may be looked through.
        names: What is listed and cannot be read; empty where the whole kind could not.
        since: Where there are more than may be looked through: what is older than this was not looked at.
    """

    kind: Kind
    reason: AWSError | None
    names: tuple[str, ...] = ()
    since: datetime | None = None

    def hides(self, created_at: datetime) -> bool:
        """Tell whether a resource created at a moment may exist although none was found."""
        if self.reason is None:
            return self.since is None or created_at < self.since
        return not self.names


RelatedAndGaps = tuple[Sequence[RelatedResource], Sequence[Gap]]
"""Resources of a model, and the gaps among them."""
