"""Where a request is answered: the caller's account and region, and what the answer may use."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox import faults
from sandbox.sagemaker.life import Life
from sandbox.sagemaker.objects import Objects
from sandbox.sagemaker.quotas import Quotas
from sandbox.sagemaker.store import Collection, Kind, Place, Record

Ask = dict[str, Any]
Answer = dict[str, Any]


@dataclass(frozen=True)
class Desk:
    """One request's surroundings."""

    place: Place
    life: Life
    objects: Objects
    quotas: Quotas
    most_rows: int | None = None
    """How many rows a page may hold, whatever was asked: SageMaker's pages may be short, or empty, and still go on."""

    @property
    def now(self) -> float:
        """The sandbox's time."""
        return self.life.clock.now()

    def of(self, kind: Kind) -> Collection:
        """The records of a kind, here."""
        return self.place.of(kind)

    def arn(self, kind: Kind, name: str) -> str:
        """The ARN that a name has, or would have, here."""
        return self.place.arn(kind, name)

    def need(self, kind: Kind, name: str) -> Record:
        """The record of this name; raises as SageMaker does where there is none."""
        record = self.of(kind).get(name)
        if record is None:
            raise faults.could_not_find(kind.word, self.arn(kind, name))
        return record

    def keep(self, kind: Kind, name: str, facts: dict[str, Any], tags: dict[str, str]) -> Record:
        """Keep a new record made now; its name, ARN and times are written into its facts."""
        now = self.now
        arn = self.arn(kind, name)
        facts = {kind.name_field: name, kind.arn_field: arn, "CreationTime": now, **facts}
        record = Record(kind, name, arn, now, facts, tags, modified=now)
        self.quotas.check(kind, len(self.of(kind)))
        self.of(kind).add(record)
        return record


Handler = Callable[[Desk, Ask], Answer]
