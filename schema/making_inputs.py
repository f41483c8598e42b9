"""What inputs of mutations that change AWS have in common: where, for whom, under which name, and their small parts."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Protocol, TypeVar

import strawberry

from aws.resources import Tag
from aws.writing.inputs import KeyValue
from resolvers.making import Asked
from schema.input_fields import left_out, needed

What = TypeVar("What")
Value = TypeVar("Value", covariant=True)
Target = TypeVar("Target")


class Readable(Protocol[Value]):
    """An input that reads as a value of the layers below."""

    def value(self) -> Value:
        """The value."""


def values(inputs: Sequence[Readable[What]] | None) -> tuple[What, ...] | None:
    """The values of a list of inputs; None for none."""
    return None if inputs is None else tuple(each.value() for each in inputs)


def optional(given: Readable[What] | None) -> What | None:
    """The value of an input that may be left out."""
    return None if given is None else given.value()


def read(target: type[Target], given: object, **converted: Any) -> Target:
    """The value whose fields are the input's attributes of the same names, but for those that are given converted."""
    names = [each.name for each in fields(target) if each.name not in converted]  # type: ignore[arg-type]  # A dataclass.
    return target(**{name: getattr(given, name) for name in names}, **converted)


@strawberry.input(description="A tag to leave on what is made")
class TagInput:
    """See aws.resources.Tag."""

    key: str = needed("The tag's key; those that begin with sagegraph: or aws: are taken")
    text: str = needed("The tag's value", name="value")

    def value(self) -> Tag:
        """The tag."""
        return Tag(self.key, self.text)


@strawberry.input(description="A named value, which may be a secret")
class KeyValueInput:
    """See aws.writing.inputs.KeyValue."""

    key: str = needed("The name")
    text: str = needed("The value; it is passed on, and neither logged nor shown", name="value")

    def __repr__(self) -> str:
        return f"KeyValueInput(key={self.key!r})"

    def value(self) -> KeyValue:
        """The pair."""
        return KeyValue(self.key, self.text)


@strawberry.input
class PlacedInput:
    """What every input of a change in AWS has."""

    region: str | None = left_out("The region, one of the role's own; left out: its first")
    group: str | None = left_out("The group that it is done for, as that group's role; left out: the acting group")

    def asked(self, what: What) -> Asked[What]:
        """What is asked for, with where and for whom."""
        return Asked(what, self.group, self.region)


@strawberry.input
class NewInput(PlacedInput):
    """What every input that makes something has."""

    name: str | None = left_out("Its name; left out: one made of idempotencyKey, or a fresh readable one")
    idempotency_key: str | None = left_out(
        "Repeat it to retry safely: the same key and content give the same resource, other content is CONFLICT"
    )
    tags: list[TagInput] | None = left_out("Tags to leave on it, beside the gateway's own")

    def naming(self) -> dict[str, Any]:
        """The fields that are the same for everything that is made."""
        return {"tags": values(self.tags) or ()}
