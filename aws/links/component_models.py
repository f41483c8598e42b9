"""Models of inference components: their own, and for an adapter those of its base components."""

from collections.abc import Mapping, Sequence

from aws.client.errors import AWSError, UnavailableError
from aws.inventory.describe_cache import Described
from aws.inventory.reader_protocol import ReaderProtocol
from aws.kinds.catalog import AnyResource
from aws.kinds.inference_components import InferenceComponent
from aws.kinds.kind import Kind


async def component_rows(reader: ReaderProtocol) -> Sequence[InferenceComponent]:
    """List every inference component, newest first, without its models. Raises AWSError."""
    listed = await reader.list_all(Kind.INFERENCE_COMPONENT)
    return [row for row in listed.rows if isinstance(row, InferenceComponent)]


async def with_bases(reader: ReaderProtocol, components: Sequence[AnyResource]) -> Mapping[str, Described]:
    """Describe components and the base components of adapters among them.

    Args:
        reader: The scope to read.
        components: Inference components, with or without their details.

    Returns:
        The result of each by name: with its detail, None if it is gone, or the error.
    """
    rows = [component for component in components if component.detail is None]
    described = {
        **{component.name: component for component in components},
        **(await reader.describe_rows(rows) if rows else {}),
    }
    bases = {name for component in described.values() for name in base_names(component)} - described.keys()
    return {**described, **(await reader.describe(Kind.INFERENCE_COMPONENT, sorted(bases)) if bases else {})}


def base_names(component: Described) -> tuple[str, ...]:
    """Give the base components of a described adapter; none for any other result."""
    return component.detail.base_names if isinstance(component, InferenceComponent) and component.detail else ()


def served_models(name: str, described: Mapping[str, Described]) -> tuple[str, ...] | AWSError | None:
    """Give the names of the models that a component serves; None if it is gone, or the error that hides them.

    Args:
        name: The component's name.
        described: The components by name, with bases, from `with_bases`.
    """
    own = described[name]
    if not isinstance(own, InferenceComponent):
        return own if isinstance(own, AWSError) else None
    names: list[str] = []
    for part in (own, *(described.get(base) for base in base_names(own))):
        if isinstance(part, AWSError):
            return part
        if not isinstance(part, InferenceComponent):
            return _missing_base(name)
        names += part.detail.model_names if part.detail else ()
    return tuple(dict.fromkeys(names))


def _missing_base(name: str) -> AWSError:
    return UnavailableError(
        f"The base of the inference component `{name}` is gone, so its model is unknown.",
        operation="DescribeInferenceComponent",
    )
