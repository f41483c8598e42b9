"""Input fields and the inputs that several mutations share."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Protocol, TypeVar

import strawberry

from aws.kinds.resource import Tag
from aws.write.inputs import KeyValuePair
from resolvers.mutations.aws_changes import Targeted


def required(description: str, name: str | None = None) -> Any:
    """A field that must be given.

    Args:
        description: The field's description.
        name: The field's name, if it is not the camel case of the Python name.
    """
    return strawberry.field(description=description, name=name)


def optional(description: str, default: Any = None, *, name: str | None = None) -> Any:
    """A field that may be left out; then it has the default.

    Args:
        description: The field's description.
        default: The default; `strawberry.UNSET` if null and left out differ.
        name: The field's name, if it is not the camel case of the Python name.
    """
    return strawberry.field(description=description, default=default, name=name)


ValueT = TypeVar("ValueT")
ValueT_co = TypeVar("ValueT_co", covariant=True)
TargetT = TypeVar("TargetT")


class InputWithValue(Protocol[ValueT_co]):
    """An input that reads as a value of the layers below."""

    def value(self) -> ValueT_co:
        """The value."""


def values_of(inputs: Sequence[InputWithValue[ValueT]] | None) -> tuple[ValueT, ...] | None:
    """The values of a list of inputs; None for none."""
    return None if inputs is None else tuple(part.value() for part in inputs)


def optional_value(input: InputWithValue[ValueT] | None) -> ValueT | None:
    """The value of an input that may be left out."""
    return None if input is None else input.value()


def given_or_none(value: ValueT | None) -> ValueT | None:
    """The value of a field of a oneOf input; None if another field was given."""
    return None if value is strawberry.UNSET else value


def build_value(target: type[TargetT], input: object, **converted: Any) -> TargetT:
    """Build a value from the input's attributes of the same names.

    Args:
        target: The value's class, a dataclass.
        input: The input.
        converted: The fields that are not taken from the input as they are.
    """
    names = [field.name for field in fields(target) if field.name not in converted]  # type: ignore[arg-type]  # A dataclass.
    return target(**{name: getattr(input, name) for name in names}, **converted)


@strawberry.input(description="A tag of the new resource")
class TagInput:
    """See aws.kinds.resource.Tag."""

    key: str = required("The tag's key; the prefixes `sagegraph:` and `aws:` are reserved")
    text: str = required("The tag's value", name="value")

    def value(self) -> Tag:
        """The tag."""
        return Tag(self.key, self.text)


@strawberry.input(description="A named value, which may be a secret")
class KeyValueInput:
    """See aws.write.inputs.KeyValuePair."""

    key: str = required("The name")
    text: str = required("The value; the gateway sends it to AWS, and neither logs nor shows it", name="value")

    def __repr__(self) -> str:
        return f"KeyValueInput(key={self.key!r})"

    def value(self) -> KeyValuePair:
        """The pair."""
        return KeyValuePair(self.key, self.text)


@strawberry.input
class TargetedInput:
    """The fields of every input of a change in AWS."""

    region: str | None = optional(
        "The region, one of the regions of the group's role; left out: the role's default region"
    )
    group: str | None = optional("The group whose AWS role makes the change; left out: the acting group")

    def targeted(self, value: ValueT) -> Targeted[ValueT]:
        """The value with its group and region."""
        return Targeted(value, self.group, self.region)


@strawberry.input
class CreationInput(TargetedInput):
    """The fields of every input that creates a resource."""

    name: str | None = optional(
        "The name of the new resource; left out: a name derived from `idempotencyKey`, or a new readable name"
    )
    idempotency_key: str | None = optional(
        "A key for safe retries: an equal key and content give the resource that exists "
        "already, other content is CONFLICT"
    )
    tags: list[TagInput] | None = optional("Tags of the new resource, in addition to the gateway's own")

    def shared_fields(self) -> dict[str, Any]:
        """The fields that every new resource has."""
        return {"tags": values_of(self.tags) or ()}
