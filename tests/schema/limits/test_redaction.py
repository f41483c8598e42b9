"""schema.limits.redaction: what is wrong with a document or its variables, in words that hold none of its values."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.build import GatewaySchema
from schema.errors import format_error
from schema.limits.redaction import without_values
from tests.cached_schema import cached_schema


@pytest.fixture(scope="module")
def schema() -> GatewaySchema:
    return cached_schema()


async def told(schema: GatewaySchema, query: str, variables: dict[str, Any] | None = None) -> list[str]:
    """The messages of the errors, as a client would see them."""
    result = await schema.execute(query, variable_values=variables)
    assert result.errors
    shown = [format_error(error, "id") for error in result.errors]
    assert {error["extensions"]["code"] for error in shown} == {"BAD_USER_INPUT"}
    return [error["message"] for error in shown]


MODELS = "{ models(%s) { totalCount } }"
JOBS = "{ jobs(filter: %s) { totalCount } }"
BY_VALUE = "query($it: ModelFilter) { models(filter: $it) { totalCount } }"
BY_JOB = "query($it: JobFilter) { jobs(filter: $it) { totalCount } }"
BY_COUNT = "query($it: Int!) { models(first: $it) { totalCount } }"
BY_KEYS = (
    'mutation($it: EnteredCredentialsInput) { importModel(input: {modelName: "m", credentials: $it}) '
    "{ plan { exists } } }"
)
BY_ID = "query($it: ID!) { node(id: $it) { id } }"


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("{ model(name: 50) { id } }", "String cannot represent a non string value."),
        ('{ model(name: {a: "secret"}) { id } }', "String cannot represent a non string value."),
        (MODELS % 'first: "secret"', "Int cannot represent non-integer value."),
        (MODELS % "first: 99999999999", "Int cannot represent non 32-bit signed integer value."),
        (MODELS % 'filter: "secret"', "Expected value of type 'ModelFilter' to be an object."),
        (MODELS % 'filter: {createdAfter: "secret"}', "Value cannot represent a DateTime."),
        (MODELS % "filter: {createdAfter: [secret]}", "Value cannot represent a DateTime."),
        (
            MODELS % 'filter: {nope: "secret"}',
            "Expected value of type 'ModelFilter' not to include unknown field 'nope'.",
        ),
        (
            MODELS % 'filter: {nameContain: "secret"}',
            "Expected value of type 'ModelFilter' not to include unknown field 'nameContain'.",
        ),
        (
            MODELS % 'filter: {tags: [{values: ["secret"]}]}',
            "Expected value of type 'TagFilter' to include required field 'key'.",
        ),
        (
            MODELS % 'filter: {tags: [{key: null, values: ["secret"]}]}',
            "Expected value of non-null type 'String!' not to be None.",
        ),
        (MODELS % 'filter: {imported: "secret"}', "Boolean cannot represent a non boolean value."),
        (JOBS % "{type: SECRET}", "Value does not exist in 'JobType' enum."),
        (JOBS % "{type: TRAININ}", "Value does not exist in 'JobType' enum."),
        (JOBS % '{type: "SECRET"}', "Enum 'JobType' cannot represent non-enum value."),
        (JOBS % '{status: [COMPLETED, "secret"]}', "Enum 'JobStatus' cannot represent non-enum value."),
        ("{ node(id: {a: secret}) { id } }", "ID cannot represent a non-string and non-integer value."),
        ('query($x: Int = "secret") { models(first: $x) { totalCount } }', "Int cannot represent non-integer value."),
        ('{ me @skip(if: "secret") { subject } }', "Boolean cannot represent a non boolean value."),
        ('{ models "secret" }', "Syntax Error: Expected Name, found String."),
        ('{ models(filter: {a: "" "secret"}) }', "Syntax Error: Expected Name, found String."),
        ('{ models(filter: {a: "" """secret\'."""}) }', "Syntax Error: Expected Name, found BlockString."),
        ("{ models(first: $) }", "Syntax Error: Expected Name, found ')'."),
        ("secret { me }", "Syntax Error: Unexpected Name."),
        ("{ models(first: 50 60) }", "Syntax Error: Expected Name, found Int."),
        ("{ models(first: 0123) }", "Syntax Error: Invalid number."),
        ("{ models(first: 12secret) }", "Syntax Error: Invalid number."),
        ("{ me .5 }", "Syntax Error: Invalid number."),
        ('{ model(name: "secret }', "Syntax Error: Unterminated string."),
        (r'{ model(name: "\uD800") }', "Syntax Error: Invalid Unicode escape sequence."),
        (r'{ model(name: "\q") }', "Syntax Error: Invalid character escape sequence."),
        ("{ me ~ }", "Syntax Error: Unexpected character."),
        ("{ model(name: 'secret') }", "Syntax Error: Unexpected single quote character."),
        ("{ me ..F }", "Syntax Error: Unexpected '..', did you mean '...'?"),
        ("{ mee { subject } }", "Cannot query field 'mee' on type 'Query'. Did you mean 'me'?"),
        (MODELS % "frist: 5", "Unknown argument 'frist' on field 'Query.models'. Did you mean 'first'?"),
    ],
)
async def test_a_document(schema: GatewaySchema, query: str, message: str) -> None:
    assert await told(schema, query) == [message]


AT = "Variable '$it' has invalid value"


@pytest.mark.parametrize(
    ("query", "value", "message"),
    [
        (BY_VALUE, "secret", f"{AT}: Expected value of type 'ModelFilter' to be an object."),
        (BY_VALUE, ["secret"], f"{AT}: Expected value of type 'ModelFilter' to be an object."),
        (
            BY_VALUE,
            {"nope": "secret"},
            f"{AT}: Expected value of type 'ModelFilter' not to include unknown field 'nope'.",
        ),
        (
            BY_VALUE,
            {"'nope', found: secret": "secret"},
            f"{AT}: Expected value of type 'ModelFilter' not to include unknown field.",
        ),
        (
            BY_KEYS,
            {"accessKeyId": "secret", "secretAccessKey": "secret", "secret": "secret"},
            f"{AT}: Expected value of type 'EnteredCredentialsInput' not to include unknown field.",
        ),
        (BY_VALUE, {"createdAfter": "secret"}, f"{AT} at .createdAfter: Value cannot represent a DateTime."),
        (BY_VALUE, {"createdAfter": 50}, f"{AT} at .createdAfter: Value cannot represent a DateTime."),
        (
            BY_VALUE,
            {"nameContains": ["secret"]},
            f"{AT} at .nameContains: String cannot represent a non string value.",
        ),
        (
            BY_VALUE,
            {"tags": [{"key": "k"}, {"values": ["secret"]}]},
            f"{AT} at .tags[1]: Expected value of type 'TagFilter' to include required field 'key'.",
        ),
        (
            BY_VALUE,
            {"tags": [{"key": None, "values": ["secret"]}]},
            f"{AT} at .tags[0].key: Expected value of non-null type 'String!' not to be None.",
        ),
        (BY_JOB, {"type": "secret"}, f"{AT} at .type: Value does not exist in 'JobType' enum."),
        (
            BY_JOB,
            {"type": "secret' does not exist in 'secret' enum. Did you mean the enum value 'secret'?"},
            f"{AT} at .type: Value does not exist in 'JobType' enum.",
        ),
        (BY_JOB, {"type": 50}, f"{AT} at .type: Enum 'JobType' cannot represent non-string value."),
        (
            BY_JOB,
            {"status": [{"secret": 1}]},
            f"{AT} at .status[0]: Enum 'JobStatus' cannot represent non-string value.",
        ),
        (BY_COUNT, "secret", f"{AT}: Int cannot represent non-integer value."),
        (BY_COUNT, None, f"{AT}: Expected value of non-null type 'Int!' not to be None."),
        (BY_COUNT, 10**12, f"{AT}: Int cannot represent non 32-bit signed integer value."),
        (BY_ID, {"a": "secret"}, f"{AT}: ID cannot represent value."),
        (BY_ID, 1.5, f"{AT}: ID cannot represent value."),
    ],
)
async def test_a_variable(schema: GatewaySchema, query: str, value: object, message: str) -> None:
    assert await told(schema, query, {"it": value}) == [message]


async def test_a_variable_that_is_missing(schema: GatewaySchema) -> None:
    assert await told(schema, BY_COUNT, {}) == [f"{AT}: Expected a value of non-null type 'Int!' to be provided."]


async def test_a_variable_found_wrong_when_its_field_runs(schema: GatewaySchema) -> None:
    query = 'query($it: ID = "x") { node(id: $it) { id } }'
    message = "Argument 'id' has invalid value: Expected variable '$it' provided to non-null type 'ID!' not to be None."
    assert await told(schema, query, {"it": None}) == [message]


async def test_a_one_of_input() -> None:
    """No input of this schema is one yet; the words are graphql-core's own."""
    text = "Within OneOf Input Object type 'C', exactly one field must be specified, and the value for that field must "
    assert without_values(f"{AT} at .content: {text}be non-null.") == f"{AT} at .content: {text}be non-null."


def test_words_that_are_not_known_are_left_out() -> None:
    """What a later graphql-core may say of a variable; a value could be anywhere in it."""
    assert without_values(f"{AT} at .a: Something is new about 'secret'.") == f"{AT} at .a: It does not fit its type."
    text = f"{AT}: Expected value of type 'T', but encountered error 'secret'; found: 'secret'."
    assert without_values(text) == f"{AT}: Expected value of type 'T'."


def test_words_of_this_schema_s_own_scalars_stay() -> None:
    assert without_values(f"{AT}: BigInt takes a whole number.") == f"{AT}: BigInt takes a whole number."


MARK = "s3-cr3t"
SECRETS = st.text(st.sampled_from(f"{MARK}' \".:;,\\{{}}[]\n\tfound value Did you mean at $it"), max_size=40).map(
    lambda text: f"{text}{MARK}{text}"
)
ANYTHING = st.recursive(
    SECRETS | st.none() | st.booleans() | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["nameContains", "createdAfter", "tags", "key", "values", "type", "status"]) | SECRETS,
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module", params=[True, False], ids=["introspection", "no-introspection"])
def either(request: pytest.FixtureRequest) -> GatewaySchema:
    return cached_schema(introspection=request.param)


@given(it=ANYTHING, query=st.sampled_from([BY_VALUE, BY_JOB, BY_COUNT, BY_ID]))
async def test_no_value_of_a_variable_is_ever_told(either: GatewaySchema, it: object, query: str) -> None:
    result = await either.execute(query, variable_values={"it": it})
    for error in result.errors or ():
        if error.path is None:
            assert MARK not in format_error(error, "id")["message"]


@given(
    text=SECRETS,
    template=st.sampled_from(
        [MODELS % "%s", JOBS % "%s", "{ me %s", "{ models(first: 5 %s) }", "query($x: %s) { me }"]
    ),
)
async def test_no_string_of_a_document_is_ever_told(either: GatewaySchema, text: str, template: str) -> None:
    for literal in (f'"{text}"', f'"""{text}"""', f"[{text!r}]"):
        result = await either.execute(template % literal)
        for error in result.errors or ():
            if error.path is None and error.original_error is None:
                assert MARK not in format_error(error, "id")["message"]
