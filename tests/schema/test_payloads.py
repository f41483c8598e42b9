"""schema.payloads: every code has a word in the schema, and a fault shows its field's path."""

import pytest

from resolvers.errors import UserError as Fault
from resolvers.errors import UserErrorCode
from schema.payloads import UserError
from tests.schema.single_field_schema import data_of


@pytest.mark.parametrize("code", UserErrorCode)
async def test_a_fault_of_each_code(code: UserErrorCode) -> None:
    result = await data_of(UserError, Fault("Wrong.", code, ("content", "s3Uri")), "{ message code field }")
    assert result == {"message": "Wrong.", "code": code.value, "field": ["content", "s3Uri"]}


async def test_a_fault_of_no_field() -> None:
    result = await data_of(UserError, Fault("Wrong.", UserErrorCode.CONFLICT), "{ __typename field }")
    assert result == {"__typename": "UserError", "field": None}
