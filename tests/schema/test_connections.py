"""schema.connections: the arguments of connections to what the registry keeps are checked before anything is asked."""

import pytest

from resolvers.errors import BadInputError
from schema.snapshots.types import Snapshot
from tests.schema.single_field_schema import execute_on
from tests.schema.snapshot_row import SNAPSHOT_ROW


@pytest.mark.parametrize("first", [0, -1, 101])
@pytest.mark.parametrize("field", ["deployments", "testResults"])
async def test_a_page_size_out_of_bounds_is_refused(field: str, first: int) -> None:
    execution_result = await execute_on(Snapshot, SNAPSHOT_ROW, f"{{ name {field}(first: {first}) {{ totalCount }} }}")
    assert execution_result.data == {"it": {"name": "churn-3", field: None}}
    assert execution_result.errors is not None
    (error,) = execution_result.errors
    assert isinstance(error.original_error, BadInputError)
    assert str(error.original_error) == f"`first` must be from 1 to 100, not {first}."
