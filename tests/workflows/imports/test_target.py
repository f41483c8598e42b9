"""workflows.imports.target: whether a model can be deployed, as far as that can be seen."""

from sandbox.server import Sandbox
from tests.sagemaker_builder import building
from tests.workflows.imports.group_scope import scope_on
from workflows.imports.target import existing_model, has_snapshot


async def test_whether_anything_makes_a_model_deployable(account: Sandbox) -> None:
    """None where there may be something that cannot be seen; a scan that has found one needs no more."""
    with building(account) as made:
        made.model("bare")
    async with scope_on(account) as scope:
        bare, scorer = [await existing_model(scope.reader, name) for name in ("bare", "scorer")]
        assert (await has_snapshot(scope.reader, bare), await has_snapshot(scope.reader, scorer)) == (False, True)
    account.faults.refuse("DescribeEndpointConfig", name="other-snapshot")
    async with scope_on(account, sagemaker={"search": False}) as scope:
        assert (await has_snapshot(scope.reader, bare), await has_snapshot(scope.reader, scorer)) == (None, True)
    account.faults.clear()
    async with scope_on(account, limits={"scan": 1}) as scope:
        assert await has_snapshot(scope.reader, bare) is None
