"""The context of one operation: the caller's account and region, and the stores that it may use."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sandbox import service_errors
from sandbox.iam.principals import Principal
from sandbox.sagemaker.objects import Objects
from sandbox.sagemaker.quotas import Quotas
from sandbox.sagemaker.store import AccountRegion, RecordCollection, ResourceKind, ResourceRecord
from sandbox.sagemaker.timeline import Timeline

OperationInput = dict[str, Any]
OperationOutput = dict[str, Any]


@dataclass(frozen=True)
class OperationContext:
    """The surroundings of one request.

    Attributes:
        account_region: The resources of the caller's account and region.
        timeline: The scheduled changes, and the clock.
        objects: The objects in S3.
        quotas: Limits of resources and instances.
        max_rows: The most rows of a page: SageMaker's pages may be short, or empty, and still have a NextToken; None
            for no limit.
        caller: The caller; None if it is unknown, as without HTTP.
        moment: Time of a scheduled operation in seconds since the epoch; None for the clock's.
    """

    account_region: AccountRegion
    timeline: Timeline
    objects: Objects
    quotas: Quotas
    max_rows: int | None = None
    caller: Principal | None = None
    moment: float | None = None

    @property
    def now(self) -> float:
        """The time of the operation in seconds since the epoch."""
        return self.timeline.clock.now() if self.moment is None else self.moment

    def at(self, moment: float) -> "OperationContext":
        """Copy the surroundings for another moment."""
        return replace(self, moment=moment)

    @property
    def user(self) -> dict[str, Any]:
        """The caller as a UserContext; its IamIdentity goes with model packages and their groups (service model)."""
        if self.caller is None:
            return {}
        return {"IamIdentity": {"Arn": self.caller.arn, "PrincipalId": self.caller.unique_id}}

    def records(self, kind: ResourceKind) -> RecordCollection:
        """The records of a kind in this account and region."""
        return self.account_region.records(kind)

    def arn(self, kind: ResourceKind, name: str) -> str:
        """The ARN that a name has, or would have, in this account and region."""
        return self.account_region.arn(kind, name)

    def require(self, kind: ResourceKind, name: str) -> ResourceRecord:
        """The record of this kind and name.

        Raises:
            ServiceError: It does not exist.
        """
        record = self.records(kind).get(name)
        if record is None:
            raise service_errors.could_not_find(kind.word, self.arn(kind, name))
        return record

    def add(self, kind: ResourceKind, name: str, facts: dict[str, Any], tags: dict[str, str]) -> ResourceRecord:
        """Keep a new record made now; its name, ARN and time of creation are added to its facts.

        Raises:
            ServiceError: The quota of the kind is used up.
        """
        now = self.now
        arn = self.arn(kind, name)
        facts = {kind.name_field: name, kind.arn_field: arn, "CreationTime": now, **facts}
        record = ResourceRecord(kind, name, arn, now, facts, tags, modified=now)
        self.quotas.check(kind, len(self.records(kind)))
        self.records(kind).add(record)
        return record


Handler = Callable[[OperationContext, OperationInput], OperationOutput]
