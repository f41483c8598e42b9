"""schema.argument_conversion: compiled conversion gives the values of Strawberry's."""

import asyncio
import random
from functools import partial
from itertools import count as numbers
from typing import Any

from graphql import GraphQLObjectType, Undefined
from graphql.utilities import coerce_input_value
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.arguments import convert_arguments

from concurrency.time_slices import TimeSlices
from schema.argument_conversion import ArgumentCompiler
from schema.build import GatewaySchema, build_schema
from tests.schema.random_inputs import random_value


def test_every_argument_of_the_schema_is_converted_alike() -> None:
    schema, choice, count = build_schema(), random.Random(16), 0
    scalars, config = schema.schema_converter.scalar_registry, schema.config
    compiler = ArgumentCompiler(scalars, config)
    for type_ in schema._schema.type_map.values():
        for definition in type_.fields.values() if isinstance(type_, GraphQLObjectType) else ():
            if not definition.args or type_.name.startswith("__"):
                continue
            field: Any = definition.extensions[GraphQLCoreConverter.DEFINITION_BACKREF]
            convert = compiler.converter(field.arguments)
            for _ in range(5):
                values = random_arguments(definition, choice)
                expected = convert_arguments(values, field.arguments, scalars, config)
                converted = convert(values)
                assert converted == expected
                assert repr(converted) == repr(expected)
                count += 1
    assert count > 300


def strawberry_field(schema: GatewaySchema, type_name: str, name: str) -> Any:
    """The definition of a field."""
    type_: Any = schema._schema.type_map[type_name]
    return type_.fields[name].extensions[GraphQLCoreConverter.DEFINITION_BACKREF]


def random_arguments(definition: Any, choice: random.Random) -> dict[str, Any]:
    """Coerced values of some of a field's arguments."""
    values: dict[str, Any] = {}
    for name, argument in definition.args.items():
        coerced = coerce_input_value(random_value(argument.type, choice), argument.type)
        if coerced is not Undefined and choice.random() < 0.8:
            values[name] = coerced
    return values


async def test_many_inputs_are_converted_in_time_slices() -> None:
    """One slice is one look at the clock long, and each input is one."""
    schema, inputs = build_schema(), 50
    compiler = ArgumentCompiler(schema.schema_converter.scalar_registry, schema.config)
    convert = compiler.converter(strawberry_field(schema, "Mutation", "createTransformJob").arguments)
    tags = [{"key": f"k{number}", "value": "v"} for number in range(inputs)]
    values = {"modelName": "a", "inputS3Uri": "b", "outputS3Uri": "c", "instanceType": "d", "tags": tags}
    slices = TimeSlices(1, clock=partial(next, numbers()))
    converting, turns = asyncio.create_task(slices.run(partial(convert, {"input": values}))), 0
    while not converting.done():
        turns += 1
        await asyncio.sleep(0)
    assert len((await converting)["input"].tags) == inputs
    assert turns >= inputs


def test_lists_of_plain_values_are_copied() -> None:
    """A default is one list for all requests."""
    schema = build_schema()
    field = strawberry_field(schema, "Query", "nodes")
    compiler = ArgumentCompiler(schema.schema_converter.scalar_registry, schema.config)
    ids = ["a", "b"]
    converted = compiler.converter(field.arguments)({"ids": ids})
    assert converted == {"ids": ids}
    assert converted["ids"] is not ids
