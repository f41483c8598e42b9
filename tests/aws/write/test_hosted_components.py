"""aws.write.hosted_components: no update leaves inference components without the variant that hosts them."""

import pytest

from aws.client.errors import AccessDeniedError
from aws.write.errors import WriteConflictError
from aws.write.inputs import RuntimeChange
from aws.write.writer import Writer
from sandbox.server import Sandbox
from tests.aws.sandbox_account import ACCOUNT, EXECUTION_ROLE, REGION, component_request, make, make_component_host
from tests.aws.write.create_cases import ADA, RUNTIMES


@pytest.fixture
def hosting(place: Sandbox) -> Sandbox:
    """A runtime `host` in service that hosts a component, an empty one, and snapshots with and without its variant."""
    RUNTIMES.prepare(place)
    make_component_host(place, "host")
    make_component_host(place, "empty")
    for name, variant in (("larger", "hosts"), ("renamed", "other")):
        variants = [{"VariantName": variant, "InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 1}]
        role = {"ExecutionRoleArn": EXECUTION_ROLE, "ProductionVariants": variants}
        make(place, "CreateEndpointConfig", EndpointConfigName=name, **role)
    place.advance(600)
    make(place, "CreateInferenceComponent", **component_request("component", "host", "Scorer"))
    place.advance(600)
    place.calls.clear()
    return place


def snapshot_of(sandbox: Sandbox, name: str) -> tuple[str, str]:
    answer = sandbox.call("DescribeEndpoint", ACCOUNT, REGION, EndpointName=name)
    return answer["EndpointStatus"], answer["EndpointConfigName"]


@pytest.mark.parametrize("snapshot", ["scorer-1", "renamed"])
async def test_a_snapshot_without_the_variant_is_refused(hosting: Sandbox, writer: Writer, snapshot: str) -> None:
    """With a model on every variant, or with another one for components."""
    with pytest.raises(WriteConflictError) as caught:
        await writer.update_runtime("host", RuntimeChange(snapshot_name=snapshot), ADA)
    (fault,) = caught.value.faults
    assert fault.field == ("name",)
    assert "`component`" in fault.message
    assert snapshot_of(hosting, "host") == ("InService", "host")
    assert (hosting.calls.count("UpdateEndpoint"), hosting.calls.count("ListInferenceComponents")) == (0, 1)


@pytest.mark.parametrize(("name", "snapshot"), [("host", "larger"), ("empty", "scorer-1")])
async def test_what_leaves_no_component_behind_is_done(
    hosting: Sandbox, writer: Writer, name: str, snapshot: str
) -> None:
    await writer.update_runtime(name, RuntimeChange(snapshot_name=snapshot), ADA)
    assert snapshot_of(hosting, name)[0] == "Updating"


async def test_components_that_may_not_be_listed_leave_it_as_it_is(hosting: Sandbox, writer: Writer) -> None:
    hosting.faults.refuse("ListInferenceComponents")
    with pytest.raises(AccessDeniedError):
        await writer.update_runtime("host", RuntimeChange(snapshot_name="scorer-1"), ADA)
    assert (snapshot_of(hosting, "host"), hosting.calls.count("UpdateEndpoint")) == (("InService", "host"), 0)
