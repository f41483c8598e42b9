"""SageMaker Search, used if it saves calls: a hundred whole records for one call.

Search is eventually consistent, and can show resources that the role may not describe. Its records therefore add and
refresh but never delete, and it is used only if the credential entry allows it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aws.client.client import AwsClient
from aws.client.errors import AccessDeniedError, InvalidRequestError
from aws.client.paging import PageTokens
from aws.inventory.listings import PAGE_SIZE
from aws.kinds.catalog import KINDS, AnyResource
from aws.kinds.descriptor import KindDescriptor
from aws.kinds.kind import Kind, SearchNames
from aws.kinds.resource import Provenance, Tag

# An expression takes at most 20 filters and 20 expressions below it, and 50 of both at all depths (service model).
_MAX_FILTERS = 20
_MAX_VALUES = 2 * _MAX_FILTERS


@dataclass(frozen=True, slots=True)
class SearchRecord:
    """A record of a search.

    Attributes:
        resource: The resource with its detail.
        tags: Its tags.
    """

    resource: AnyResource
    tags: Sequence[Tag]


@dataclass(frozen=True, slots=True)
class ArtifactQuery:
    """The search keys of the training jobs of some models; each tuple is sorted and without repeats.

    Attributes:
        exact: S3 addresses of artifacts.
        prefixes: S3 addresses of folders that contain artifacts.
        packages: ARNs of model packages.
    """

    exact: tuple[str, ...]
    prefixes: tuple[str, ...]
    packages: tuple[str, ...]


class SearchClient:
    """Searches one scope until Search is refused.

    Args:
        calls: The client of the scope.
        origin: Gives the provenance of a read that begins now.
        allowed: True if the credential entry allows Search.
    """

    def __init__(self, calls: AwsClient, origin: Callable[[], Provenance], *, allowed: bool) -> None:
        self._calls = calls
        self._origin = origin
        self._allowed = allowed
        self._refused: dict[Kind, datetime] = {}

    def is_allowed(self, kind: Kind, since: datetime) -> bool:
        """Tell whether the kind can be searched, as far as is known; a refusal before `since` no longer counts."""
        refused = self._refused.get(kind)
        return self._allowed and KINDS[kind].search is not None and (refused is None or refused < since)

    async def search_kind(self, kind: Kind, pages: int) -> Sequence[SearchRecord] | None:
        """Give the records of a kind, newest first, from at most `pages` pages; None if the role may not use Search."""
        return await self._pages(kind, {"SortBy": "CreationTime", "SortOrder": "Descending"}, pages)

    def count_searches(self, marks: ArtifactQuery) -> int:
        """Give the number of searches, at least 1, that `by_artifact` needs for these marks."""
        return max(1, len(_expressions(marks)))

    async def by_artifact(self, marks: ArtifactQuery) -> Sequence[SearchRecord] | None:
        """Give the training jobs that left any of these marks; None if Search is refused, or lacks a property."""
        search_records: list[SearchRecord] = []
        for expression in _expressions(marks):
            records = await self._pages(Kind.TRAINING_JOB, {"SearchExpression": expression}, None)
            if records is None:
                return None
            search_records += records
        return search_records

    async def _pages(self, kind: Kind, wanted: Mapping[str, Any], most: int | None) -> Sequence[SearchRecord] | None:
        names = KINDS[kind].search
        if names is None:
            return None
        parameters: dict[str, Any] = {"Resource": names.resource, "MaxResults": PAGE_SIZE, **wanted}
        records: list[SearchRecord] = []
        pages, tokens = 0, PageTokens("Search")
        while most is None or pages < most:
            origin = self._origin()
            try:
                answer = await self._calls.call("Search", **parameters)
            except (AccessDeniedError, InvalidRequestError):
                self._refused[kind] = origin.as_of
                return None
            records += _parse_records(KINDS[kind], names, answer.get("Results", ()), origin)
            pages += 1
            if (token := tokens.following(answer.get("NextToken"))) is None:
                break
            parameters["NextToken"] = token
        return records


_ARTIFACT = "ModelArtifacts.S3ModelArtifacts"


def _parse_records(
    kind: KindDescriptor[Any], names: SearchNames, records: Iterable[Mapping[str, Any]], origin: Provenance
) -> Iterator[SearchRecord]:
    for whole in records:
        record: Mapping[str, Any] = whole
        for member in names.members:
            record = record.get(member) or {}
        if all(name in record for name in names.required):
            tags = [Tag(tag["Key"], tag["Value"]) for tag in record.get("Tags", ())]
            yield SearchRecord(kind.parse_description(record, origin), tags)


def _expressions(marks: ArtifactQuery) -> Sequence[Mapping[str, Any]]:
    exact = [_any_of(_ARTIFACT, values) for values in _chunks(marks.exact, _MAX_VALUES)]
    # SageMaker allows one Contains for each search ("CONTAINS operator usage limit of 1").
    below = [_filter(_ARTIFACT, "Contains", prefix) for prefix in marks.prefixes]
    packages = [_any_of("OutputModelPackageArn", values) for values in _chunks(marks.packages, _MAX_VALUES)]
    return [*exact, *below, *packages]


def _any_of(name: str, values: Sequence[str]) -> Mapping[str, Any]:
    """An expression for up to forty values: two groups of twenty."""
    return {
        "Operator": "Or",
        "SubExpressions": [
            {
                "Operator": "Or",
                "Filters": [{"Name": name, "Operator": "Equals", "Value": value} for value in group],
            }
            for group in _chunks(values, _MAX_FILTERS)
        ],
    }


def _chunks(values: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (values[start : start + size] for start in range(0, len(values), size))


def _filter(name: str, operator: str, value: str) -> Mapping[str, Any]:
    return {"Filters": [{"Name": name, "Operator": operator, "Value": value}]}
