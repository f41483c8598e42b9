"""Build a write request that maps each member to its input field, and redacts secrets."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from botocore.model import Shape

from aws.kinds.resource import Tag
from aws.write.errors import InputFault, InvalidInputError, MultipleFaultsError, WriteRejectedError
from aws.write.inputs import KeyValuePair
from aws.write.validation import Violation, violations

Path = tuple[str, ...]
_QUOTED_VALUE = re.compile(r"Value '.*?' at '", re.DOTALL)
# A shorter value is in any sentence by chance.
_SECRET_LENGTH = 4
_UPPER = {"mb": "MB", "gb": "GB"}
# How many tags there may be is told of beside our own (ownership_tags.py).
_TAGS_PATH = ("Tags",)


def contract_name(attribute: str) -> str:
    """A field of aws/write/inputs.py as the contract spells it: `max_payload_in_mb` is `maxPayloadInMB`."""
    first, *rest = attribute.split("_")
    return first + "".join(_UPPER.get(other, other.capitalize()) for other in rest)


class WriteRequest:
    """A request to SageMaker, built member by member.

    Args:
        parameters: What it begins with, which came from no field.
        whole: Whether that is all of it; otherwise nothing is missed in it, since it may be in what is not known.
    """

    def __init__(self, parameters: Mapping[str, Any] | None = None, *, whole: bool = True) -> None:
        self.parameters: dict[str, Any] = dict(parameters or {})
        self.whole = whole
        self.faults: list[InputFault] = []
        self._errors: list[WriteRejectedError] = []
        self._fields: dict[Path, Path] = {}
        self._values: dict[Path, Any] = {}
        self._secrets: list[str] = []

    def put(self, path: str, value: Any, *field: str) -> None:
        """Sets a member, by its path with dots; None sets nothing, and still tells which field it would come from."""
        parts = tuple(path.split("."))
        if field:
            self._fields[parts] = field
        if value is not None:
            self._values[parts] = value
            _set_member(self.parameters, parts, value)

    def put_all(self, source: Any, table: Mapping[str, str], at: str = "", field: Path = ()) -> None:
        """Sets the members that a table names for the attributes of a source, below a path and a field."""
        for attribute, path in table.items():
            self.put(f"{at}{path}", getattr(source, attribute), *field, contract_name(attribute))

    def put_pairs(self, name: str, pairs: Iterable[KeyValuePair] | None, field: str) -> None:
        """Sets entries of a map, over those that are there; their values are never told of again."""
        seen: set[str] = set()
        for index, pair in enumerate(pairs or ()):
            if pair.key in seen:
                self.add_fault(f"is given twice: `{pair.key}`", field, str(index), "key")
                continue
            seen.add(pair.key)
            self._fields[name, pair.key, "key"] = (field, str(index), "key")
            self._fields[name, pair.key] = (field, str(index), "value")
            self._values[name, pair.key] = pair.value
            self.parameters.setdefault(name, {})[pair.key] = pair.value
        self._fields.setdefault((name,), (field,))

    def put_tags(self, asked: Iterable[Tag], own: Iterable[Tag]) -> None:
        """Sets the tags: first those that were asked for."""
        for index, tag in enumerate(asked):
            self.put(f"Tags.{index}.Key", tag.key, "tags", str(index), "key")
            self.put(f"Tags.{index}.Value", tag.value, "tags", str(index), "value")
        self._fields["Tags",] = ("tags",)
        tags = self.parameters.setdefault("Tags", [])
        tags += ({"Key": tag.key, "Value": tag.value} for tag in own)

    def add_secrets(self, values: Iterable[str]) -> None:
        """Notes values that no message may repeat."""
        self._secrets += (value for value in values if len(value) >= _SECRET_LENGTH)

    def add_fault(self, rule: str, *field: str) -> None:
        """Note a fault of a field; `rule` ends a sentence that begins with the field's path."""
        self.faults.append(InputFault(f"`{'.'.join(field)}` {rule}.", field))

    def add_error(self, error: WriteRejectedError | None) -> None:
        """Note a further error, so that it is reported together with the faults of form."""
        if error is not None:
            self._errors.append(error)

    def check(self, shape: Shape) -> None:
        """Returns only where nothing is at fault, by the shape or as noted before.

        Raises:
            WriteRejectedError: The request is at fault; the error lists every fault.
        """
        self.faults += (
            self._fault_of(violation)
            for violation in violations(shape, self.parameters)
            if self._is_reported(violation)
        )
        form = [InvalidInputError(self.faults)] if self.faults else []
        errors = [*form, *self._errors]
        if errors:
            raise errors[0] if len(errors) == 1 else MultipleFaultsError(errors)

    def _is_reported(self, rule: Violation) -> bool:
        return rule.path != _TAGS_PATH and (self.whole or not rule.missing)

    def _fault_of(self, rule: Violation) -> InputFault:
        field = self.field_of(rule.path)
        return InputFault(f"`{'.'.join(field or rule.path)}` {rule.rule}.", field)

    def field_of(self, path: Path) -> Path:
        """The field that a member came from: its own, else that of the nearest member above it, else of one below."""
        for length in range(len(path), 0, -1):
            if field := self._fields.get(path[:length]):
                return (*field, *(part for part in path[length:] if part.isdigit()))
        return next((field for known, field in self._fields.items() if known[: len(path)] == path), ())

    def field_quoted_in(self, words: str) -> Path:
        """The field whose value AWS's words quote, as it is or as the name in an ARN; empty where there is none."""
        message = words.lower()
        for path, value in self._values.items():
            if isinstance(value, str) and value and path in self._fields:
                quoted = value.lower()
                if (
                    f'"{quoted}"' in message
                    or f'/{quoted}"' in message
                    or f"/{quoted}'" in message
                    or f"'{quoted}'" in message
                ):
                    return self._fields[path]
        return ()

    def redact(self, words: str) -> str:
        """AWS's words without values that may be secret, also in JSON's spelling.

        Longer ones go first: of one that begins with another, the rest would stay.
        """
        for secret in sorted(set(self._secret_values()), key=len, reverse=True):
            for spelled in (secret, _in_json(secret, ascii_only=True), _in_json(secret, ascii_only=False)):
                words = words.replace(spelled, "…")
        return _QUOTED_VALUE.sub("A value at '", words)

    def _secret_values(self) -> Iterator[str]:
        yield from self._secrets
        for name in ("Environment", "HyperParameters"):
            values = self.parameters.get(name) or {}
            yield from (value for value in values.values() if len(value) >= _SECRET_LENGTH)


def _in_json(text: str, *, ascii_only: bool) -> str:
    return json.dumps(text, ensure_ascii=ascii_only)[1:-1]


def _set_member(into: Any, parts: Path, value: Any) -> None:
    """Sets a value below a structure; a part that is a number is an item of a list, which comes in its order."""
    *above, last = parts
    for part, following in zip(above, parts[1:], strict=True):
        if isinstance(into, list):
            if int(part) == len(into):
                into.append([] if following.isdigit() else {})
            into = into[int(part)]
        else:
            into = into.setdefault(part, [] if following.isdigit() else {})
    into[last] = value
