"""Write requests, which map each member to its input field, and redact secrets."""

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
# A shorter value appears in many sentences by chance.
_SECRET_LENGTH = 4
_UPPER = {"mb": "MB", "gb": "GB"}
# The number of tags is checked with our own (ownership_tags.py).
_TAGS_PATH = ("Tags",)


def contract_name(attribute: str) -> str:
    """Give the contract's spelling of a field of aws/write/inputs.py: `max_payload_in_mb` is `maxPayloadInMB`."""
    first, *rest = attribute.split("_")
    return first + "".join(_UPPER.get(other, other.capitalize()) for other in rest)


class WriteRequest:
    """A request to SageMaker, built member by member.

    Args:
        parameters: The first members, which came from no field.
        whole: True if these are all; False suppresses faults of missing members, which may be in an unknown part.

    Attributes:
        parameters: The members, with AWS's names.
        whole: See the argument.
        faults: The faults so far.
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
        """Set a member.

        Args:
            path: The path of the member, with dots.
            value: The value; None sets nothing, but records the field.
            *field: The path of the field that the value comes from.
        """
        parts = tuple(path.split("."))
        if field:
            self._fields[parts] = field
        if value is not None:
            self._values[parts] = value
            _set_member(self.parameters, parts, value)

    def put_all(self, source: Any, table: Mapping[str, str], at: str = "", field: Path = ()) -> None:
        """Set the members for the attributes of a source.

        Args:
            source: An input.
            table: The path of a member by the name of an attribute.
            at: The beginning of the paths.
            field: The path of the field above the attributes.
        """
        for attribute, path in table.items():
            self.put(f"{at}{path}", getattr(source, attribute), *field, contract_name(attribute))

    def put_pairs(self, name: str, pairs: Iterable[KeyValuePair] | None, field: str) -> None:
        """Set entries of the map `name` over existing ones; messages never repeat their values."""
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
        """Set the tags: first the requested ones, then our own."""
        for index, tag in enumerate(asked):
            self.put(f"Tags.{index}.Key", tag.key, "tags", str(index), "key")
            self.put(f"Tags.{index}.Value", tag.value, "tags", str(index), "value")
        self._fields["Tags",] = ("tags",)
        tags = self.parameters.setdefault("Tags", [])
        tags += ({"Key": tag.key, "Value": tag.value} for tag in own)

    def add_secrets(self, values: Iterable[str]) -> None:
        """Add values that no message may repeat."""
        self._secrets += (value for value in values if len(value) >= _SECRET_LENGTH)

    def add_fault(self, rule: str, *field: str) -> None:
        """Note a fault of a field; `rule` ends a sentence that begins with the field's path."""
        self.faults.append(InputFault(f"`{'.'.join(field)}` {rule}.", field))

    def add_error(self, error: WriteRejectedError | None) -> None:
        """Note a further error, to be reported together with the faults."""
        if error is not None:
            self._errors.append(error)

    def check(self, shape: Shape) -> None:
        """Return only if the request has no fault, neither noted before nor by the `shape` of its input.

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
        """Give the field of the member at `path`: its own, else that of a member above it, else of one below."""
        for length in range(len(path), 0, -1):
            if field := self._fields.get(path[:length]):
                return (*field, *(part for part in path[length:] if part.isdigit()))
        return next((field for known, field in self._fields.items() if known[: len(path)] == path), ())

    def field_quoted_in(self, words: str) -> Path:
        """Give the field whose value AWS's message quotes, itself or as the name in an ARN; empty for none."""
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
        """Give AWS's message without values that may be secret, also in JSON's spelling.

        Longer values are replaced first: otherwise the rest of a value that begins with another would stay.
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
    """Set a value below a structure; a numeric part is the index of a list, whose items come in order."""
    *above, last = parts
    for part, following in zip(above, parts[1:], strict=True):
        if isinstance(into, list):
            if int(part) == len(into):
                into.append([] if following.isdigit() else {})
            into = into[int(part)]
        else:
            into = into.setdefault(part, [] if following.isdigit() else {})
    into[last] = value
