"""One event of a subscription: its subject, and the state that the client is shown."""

from dataclasses import dataclass, field
from datetime import datetime

from aws.inventory.watches import Known
from aws.kinds.kind import Kind
from registry.changes import RecordType


@dataclass(frozen=True, slots=True)
class ResourceSubject:
    """A resource in AWS that is watched.

    Attributes:
        id: Its id in the schema.
    """

    id: str


@dataclass(frozen=True, slots=True)
class RecordSubject:
    """A record of the registry that is watched.

    Attributes:
        type_name: The name of its type in the schema.
        key: Its key in the registry.
    """

    type_name: RecordType
    key: str


Subject = ResourceSubject | RecordSubject


@dataclass(frozen=True, slots=True)
class ShownResource:
    """A resource as an event shows it, and the scope that it was read through.

    Attributes:
        scope: The scope's key.
        kind: The resource's kind.
        name: The resource's name.
        state: The resource; None if it is gone.
    """

    scope: str
    kind: Kind
    name: str
    state: Known


@dataclass(frozen=True, slots=True)
class ShownRecord:
    """A record as an event shows it.

    Attributes:
        record: The record.
        matches: True if it passes the subscription's filter.
    """

    record: object
    matches: bool = True


Shown = ShownResource | ShownRecord


@dataclass(slots=True)
class Subscribed:
    """The subjects of a subscription, as they were at its start.

    Attributes:
        subjects: The subjects, each of which has a first event.
        every: The type whose records are subjects from their next change on; None for none.
        matching: The keys of the records of that type that the client may have as passing its filter; None if none of
            them can leave it.
        complete: True if those are all; else any record that does not pass may have left the filter.
    """

    subjects: tuple[Subject, ...] = ()
    every: RecordType | None = None
    matching: set[str] | None = field(default_factory=set)
    complete: bool = True


@dataclass(slots=True)
class SubscriptionEvent:
    """One execution of a subscription's operation: its start, or the event of one subject.

    Attributes:
        subscribed: The subjects, which the start fills in.
        subject: The subject; None at the start, which shows nothing.
        at: The time at which the change was learnt; None for the first state of a subject.
        shown: The state that the event shows; None if it shows nothing, which is not sent.
    """

    subscribed: Subscribed
    subject: Subject | None = None
    at: datetime | None = None
    shown: Shown | None = None
