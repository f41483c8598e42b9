"""The kind descriptor: everything that caches, scans, links and console pages need to know of one kind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Generic, NamedTuple, TypeVar

from aws.kinds.kind import ApiNames, Kind, SearchNames
from aws.kinds.resource import ApiResponse, Provenance, Resource

ResourceT = TypeVar("ResourceT", bound=Resource[Any])

Parser = Callable[[ApiResponse, Provenance], ResourceT]


class LinkType(StrEnum):
    """The meaning of a link's key. A string, because indexes hash many links, and strings hash fastest."""

    MODEL_NAME = "ModelName"
    SNAPSHOT_NAME = "SnapshotName"
    ARTIFACT = "Artifact"
    FOLDER = "Folder"
    MODEL_PACKAGE = "ModelPackage"
    BASE_COMPONENT = "BaseComponent"
    COMPONENT_HOST = "ComponentHost"
    INPUT = "Input"


COMPONENT_HOST_KEY: Final = ""
"""The key of every resource that may host inference components, which name the models that it serves."""


class Link(NamedTuple):
    """A key that relates a resource to others: two resources with one link belong together.

    Attributes:
        type: The meaning of the key.
        key: A name, the S3 address of an artifact without a closing slash or of a folder with one, or an ARN.
    """

    type: LinkType
    key: str


@dataclass(frozen=True, slots=True)
class Revision:
    """The parts of a row or a description that show a change.

    Attributes:
        status: SageMaker's word for the status; None if the kind has none.
        last_modified_time: The time of the last change; None if the kind has none.
    """

    status: str | None = None
    last_modified_time: datetime | None = None


def _no_revision(_resource: Resource[Any]) -> Revision:
    return Revision()


def _always(_resource: Resource[Any]) -> bool:
    return True


def _never(_resource: Resource[Any]) -> bool:
    return False


def _described_only(described: ResourceT, _row: ResourceT) -> ResourceT:
    return described


@dataclass(frozen=True, slots=True, kw_only=True)
class KindDescriptor(Generic[ResourceT]):
    """One kind of SageMaker resource.

    Attributes:
        kind: The kind.
        api: SageMaker's names for it.
        resource_type: Its dataclass.
        parse_summary: Parses a row of its list operation.
        parse_description: Parses an answer of its describe operation.
        links: Gives the links of a described resource; none without detail.
        is_settled: Tells whether it stays unchanged until somebody changes it.
        revision: Gives the parts that show a change.
        changes_unseen: Tells whether a change is due that no row will show.
        complete: Adds the parts that only a row has to a description.
        volatile: True if any resource of the kind may change at any time: lists are always read whole, and descriptions
            have an age of their own.
        relisted: True if lists are always read whole although descriptions last, because a row of any age may change.
        search: Search's names for the kind; None if it cannot be searched.
    """

    kind: Kind
    api: ApiNames
    resource_type: type[ResourceT]
    parse_summary: Parser[ResourceT]
    parse_description: Parser[ResourceT]
    links: Callable[[ResourceT], tuple[Link, ...]]
    is_settled: Callable[[ResourceT], bool] = _always
    revision: Callable[[ResourceT], Revision] = _no_revision
    changes_unseen: Callable[[ResourceT], bool] = _never
    complete: Callable[[ResourceT, ResourceT], ResourceT] = _described_only
    volatile: bool = False
    relisted: bool = False
    search: SearchNames | None = None
