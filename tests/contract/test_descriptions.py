"""Everything that a client reads in the schema says what it is."""

from collections.abc import Iterator

from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLNamedType, GraphQLObjectType

from tests.contract.printed_schema import own_types, printed


def described(type_: GraphQLNamedType) -> Iterator[tuple[str, str | None]]:
    """A type and what it consists of, each by its path with its description."""
    yield type_.name, type_.description
    if isinstance(type_, GraphQLEnumType):
        yield from ((f"{type_.name}.{name}", value.description) for name, value in type_.values.items())
    if isinstance(type_, GraphQLInputObjectType):
        yield from ((f"{type_.name}.{name}", field.description) for name, field in type_.fields.items())
    if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
        for name, field in type_.fields.items():
            yield f"{type_.name}.{name}", field.description
            for argument, its in field.args.items():
                yield f"{type_.name}.{name}({argument}:)", its.description


EVERYTHING = [result for own_type in own_types(printed()).values() for result in described(own_type)]


def test_everything_is_described() -> None:
    assert [path for path, description in EVERYTHING if not description or not description.strip()] == []


def test_descriptions_are_phrases_without_a_full_stop() -> None:
    assert [path for path, description in EVERYTHING if description and description.rstrip().endswith(".")] == []


def test_every_part_of_the_schema_is_looked_at() -> None:
    paths = {path for path, _ in EVERYTHING}
    assert {
        "BigInt",
        "Node.id",
        "Query.models(first:)",
        "ModelFilter.nameContains",
        "DeploymentState.SKIPPED",
        "Registration.elements(kinds:)",
    } <= paths
