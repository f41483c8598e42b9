"""Runtimes that serve models through inference components, from the links of components.

Of all runtimes and components, only those of the requested models are described again once their descriptions are too
old.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from aws.client.errors import AccessDeniedError, AWSError
from aws.inventory.describe_cache import Described
from aws.inventory.link_queries import Coverage, LinkedQuery, LinkQuery
from aws.inventory.list_cache import EVERY_ROW
from aws.inventory.reader_protocol import ReaderProtocol, unlisted
from aws.kinds.catalog import AnyResource
from aws.kinds.descriptor import Link, LinkType
from aws.kinds.inference_components import InferenceComponent
from aws.kinds.kind import Kind
from aws.kinds.runtimes import Runtime
from aws.links.component_models import component_rows, served_models, with_bases

_KINDS: Final = (Kind.INFERENCE_COMPONENT,)
_UNKNOWN: Final = Coverage(None, None, 0)


@dataclass(frozen=True, slots=True)
class Hosts:
    """The runtimes that can host components.

    Attributes:
        names: The names of all of them.
        orphaned: The names of those whose snapshot is gone.
    """

    names: frozenset[str]
    orphaned: frozenset[str]


@dataclass(frozen=True, slots=True)
class RuntimesByComponent:
    """The runtimes of models that are served through components.

    Attributes:
        coverage: The extent to which components are known; never complete if a component's models are unknown.
        unknown: The number of runtimes that may serve unknown models.
        by_model: The described runtimes that serve each model through components.
    """

    coverage: Coverage
    unknown: int
    by_model: Mapping[str, Sequence[Runtime]] = field(default_factory=dict)

    def of(self, model_name: str) -> Sequence[Runtime]:
        """Give the runtimes of the model `model_name`."""
        return self.by_model.get(model_name, ())


async def runtimes_by_component(reader: ReaderProtocol, models: Sequence[str], hosts: Hosts) -> RuntimesByComponent:
    """Find the runtimes that serve these models through components.

    Args:
        reader: The scope to read.
        models: The names of the models.
        hosts: The runtimes that can host components.

    Raises:
        AWSError: AWS did not answer. A refusal is not raised, but leaves runtimes unknown.
    """
    queries = [LinkQuery((Link(LinkType.MODEL_NAME, name),), EVERY_ROW) for name in models]
    try:
        linked = await reader.linked(LinkedQuery(_KINDS, tuple(queries), whole=True))
    except AccessDeniedError:
        return RuntimesByComponent(_UNKNOWN, len(hosts.names))
    rows = await component_rows(reader)
    serving, refused = await _serving(reader, models, linked.pages)
    unknown = refused | await _of_unknown_models(reader, rows, refused=linked.coverage.refused)
    described = await reader.describe(Kind.RUNTIME, dict.fromkeys(name for names in serving.values() for name in names))
    by_model = {
        model: [one for name in names if (one := _runtime(described[name]))] for model, names in serving.items()
    }
    unseen = hosts.orphaned - {row.runtime_name for row in rows}
    coverage = Coverage(None if unknown else linked.coverage.complete_as_of, linked.coverage.looked_back_to, 0)
    return RuntimesByComponent(coverage, len(unknown | unseen), by_model)


async def _serving(
    reader: ReaderProtocol, models: Sequence[str], pages: Sequence[Sequence[AnyResource]]
) -> tuple[Mapping[str, Sequence[str]], frozenset[str]]:
    """The names of the runtimes of each model's components that may be shown, and of those with refused components.

    A component that was readable may be refused now: then its models may not be shown any more.
    """
    components = {row.name: row for rows in pages for row in rows}
    described = await with_bases(reader, list(components.values())) if components else {}
    refused = [row for row in components.values() if isinstance(served_models(row.name, described), AccessDeniedError)]
    names: dict[str, Sequence[str]] = {}
    for model, rows in zip(models, pages, strict=True):
        serving = [row for row in rows if model in _served(row.name, described)]
        names[model] = [row.runtime_name for row in serving if isinstance(row, InferenceComponent)]
    return names, frozenset(row.runtime_name for row in refused if isinstance(row, InferenceComponent))


def _served(name: str, described: Mapping[str, Described]) -> Sequence[str]:
    served = served_models(name, described)
    if isinstance(served, AWSError) and not isinstance(served, AccessDeniedError):
        raise served
    return served if isinstance(served, tuple) else ()


async def _of_unknown_models(
    reader: ReaderProtocol, rows: Sequence[InferenceComponent], *, refused: int
) -> frozenset[str]:
    """The runtimes of components that may not be described, and of adapters whose base is gone."""
    bases = reader.link_counts(Kind.INFERENCE_COMPONENT, LinkType.BASE_COMPONENT)
    gone = tuple(Link(LinkType.BASE_COMPONENT, name) for name in unlisted(reader, Kind.INFERENCE_COMPONENT, bases))
    adapters = (await reader.linked(LinkedQuery(_KINDS, (LinkQuery(gone, EVERY_ROW),)))).pages[0] if gone else ()
    unknown = {row.runtime_name for row in adapters if isinstance(row, InferenceComponent)}
    if refused:
        described = await reader.describe_rows(rows)
        unknown |= {row.runtime_name for row in rows if isinstance(described[row.name], AccessDeniedError)}
    return frozenset(unknown)


def _runtime(described: Described) -> Runtime | None:
    """The runtime; None if it is gone or refused. Raises any other AWSError."""
    if isinstance(described, AWSError) and not isinstance(described, AccessDeniedError):
        raise described
    return described if isinstance(described, Runtime) else None
