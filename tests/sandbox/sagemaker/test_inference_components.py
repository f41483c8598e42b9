"""Inference components: creation, refusals, updates, deletion, listings, adapters, and IAM."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.iam import principals
from sandbox.sagemaker.store import INFERENCE_COMPONENT
from sandbox.sagemaker.timeline import Outcome
from sandbox.sagemaker.validation import model_mismatches
from sandbox.server import Sandbox
from sandbox.service_errors import ServiceError
from tests.sandbox.conftest import ACCOUNT, REGION, ROLE, Connect, Keys

WHERE = (ACCOUNT, REGION)
COMPUTE = {"MinMemoryRequiredInMb": 1024, "NumberOfCpuCoresRequired": 1}


def arn(kind: str, name: str) -> str:
    return f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:{kind}/{name}"


@pytest.fixture
def hosting(sandbox: Sandbox) -> Sandbox:
    """Two models and an endpoint `e` in service, whose variant names none."""
    for name in ("one", "two"):
        container = {"Image": f"repository/{name}:1"}
        sandbox.call("CreateModel", *WHERE, ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer=container)
    variant = {"VariantName": "hosts", "InstanceType": "ml.g5.xlarge", "InitialInstanceCount": 1}
    sandbox.call(
        "CreateEndpointConfig",
        *WHERE,
        EndpointConfigName="c",
        ExecutionRoleArn=ROLE,
        ProductionVariants=[variant],
    )
    sandbox.call("CreateEndpoint", *WHERE, EndpointName="e", EndpointConfigName="c")
    sandbox.advance(300)
    return sandbox


def component(sandbox: Sandbox, name: str = "ic", **more: Any) -> None:
    request = {
        "EndpointName": "e",
        "VariantName": "hosts",
        "Specification": {"ModelName": "one", "ComputeResourceRequirements": COMPUTE},
        "RuntimeConfig": {"CopyCount": 2},
    } | more
    known = {key: value for key, value in request.items() if value is not None}
    sandbox.call("CreateInferenceComponent", *WHERE, InferenceComponentName=name, **known)


def described(sandbox: Sandbox, name: str = "ic") -> dict[str, Any]:
    return sandbox.call("DescribeInferenceComponent", *WHERE, InferenceComponentName=name)


def listed(sandbox: Sandbox, **request: Any) -> list[str]:
    rows = sandbox.call("ListInferenceComponents", *WHERE, **request)["InferenceComponents"]
    return [row["InferenceComponentName"] for row in rows]


def test_a_component_is_creating_then_in_service(hosting: Sandbox) -> None:
    component(hosting)
    assert described(hosting)["InferenceComponentStatus"] == "Creating"
    assert described(hosting)["RuntimeConfig"] == {"DesiredCopyCount": 2, "CurrentCopyCount": 0}
    hosting.advance(121)
    facts = described(hosting)
    assert facts["InferenceComponentStatus"] == "InService"
    assert facts["RuntimeConfig"] == {"DesiredCopyCount": 2, "CurrentCopyCount": 2}
    assert facts["Specification"]["ModelName"] == "one"
    assert (facts["EndpointName"], facts["VariantName"]) == ("e", "hosts")
    assert facts["InferenceComponentArn"] == arn("inference-component", "ic")


def test_a_component_that_is_to_fail_fails(hosting: Sandbox) -> None:
    hosting.timeline.decide_outcome(INFERENCE_COMPONENT, "ic", Outcome(seconds=10, failure="No accelerator"))
    component(hosting)
    hosting.advance(11)
    facts = described(hosting)
    assert (facts["InferenceComponentStatus"], facts["FailureReason"]) == ("Failed", "No accelerator")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"EndpointName": "none"}, f'Could not find endpoint "{arn("endpoint", "none")}".'),
        ({"VariantName": "other"}, f'Could not find variant "other" on endpoint "{arn("endpoint", "e")}".'),
        ({"VariantName": None}, "VariantName must be specified for an inference component without a base."),
        ({"RuntimeConfig": None}, "RuntimeConfig must be specified for an inference component without a base."),
        ({"Specification": None}, "Exactly one of Specification or Specifications must be specified."),
        (
            {"Specification": {"ModelName": "three", "ComputeResourceRequirements": COMPUTE}},
            f'Could not find model "{arn("model", "three")}".',
        ),
        (
            {"Specification": {"ComputeResourceRequirements": COMPUTE}},
            "Exactly one of ModelName or Container must be specified in a Specification.",
        ),
        (
            {"Specification": {"ModelName": "one"}},
            "ComputeResourceRequirements must be specified, unless BaseInferenceComponentName is.",
        ),
        (
            {"Specification": {"Container": {"ArtifactUrl": "s3://b/a"}, "BaseInferenceComponentName": "none"}},
            f'Could not find inference component "{arn("inference-component", "none")}".',
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_component_that_cannot_be_is_refused(hosting: Sandbox, changed: dict[str, Any], message: str) -> None:
    with pytest.raises(ServiceError) as caught:
        component(hosting, **changed)
    assert (caught.value.code, caught.value.message) == ("ValidationException", message)
    assert listed(hosting) == []


def test_a_variant_with_a_model_hosts_no_component(hosting: Sandbox) -> None:
    variant = {"VariantName": "own", "ModelName": "one", "InstanceType": "ml.g5.xlarge", "InitialInstanceCount": 1}
    hosting.call("CreateEndpointConfig", *WHERE, EndpointConfigName="own", ProductionVariants=[variant])
    hosting.call("CreateEndpoint", *WHERE, EndpointName="own", EndpointConfigName="own")
    with pytest.raises(ServiceError, match="in status Creating"):
        component(hosting, EndpointName="own", VariantName="own")
    hosting.advance(300)
    with pytest.raises(ServiceError, match="has a model and cannot host inference components"):
        component(hosting, EndpointName="own", VariantName="own")
    assert listed(hosting) == []


def test_a_name_is_taken_until_the_component_is_gone(hosting: Sandbox) -> None:
    component(hosting)
    with pytest.raises(ServiceError, match="Cannot create already existing inference component"):
        component(hosting)
    with pytest.raises(ServiceError, match="Cannot update in-progress inference component"):
        hosting.call("DeleteInferenceComponent", *WHERE, InferenceComponentName="ic")
    hosting.advance(121)
    hosting.call("DeleteInferenceComponent", *WHERE, InferenceComponentName="ic")
    assert described(hosting)["InferenceComponentStatus"] == "Deleting"
    hosting.advance(31)
    assert listed(hosting) == []
    component(hosting)
    assert described(hosting)["InferenceComponentStatus"] == "Creating"


def test_an_update_takes_another_model_and_more_copies(hosting: Sandbox) -> None:
    component(hosting)
    hosting.advance(121)
    hosting.call(
        "UpdateInferenceComponent",
        *WHERE,
        InferenceComponentName="ic",
        Specifications=[{"ModelName": "two", "ComputeResourceRequirements": COMPUTE}],
        RuntimeConfig={"CopyCount": 3},
    )
    facts = described(hosting)
    assert (facts["InferenceComponentStatus"], facts["Specification"]["ModelName"]) == ("Updating", "one")
    hosting.advance(61)
    facts = described(hosting)
    assert (facts["InferenceComponentStatus"], "Specification" in facts) == ("InService", False)
    assert [fact["ModelName"] for fact in facts["Specifications"]] == ["two"]
    assert facts["RuntimeConfig"] == {"DesiredCopyCount": 3, "CurrentCopyCount": 3}


def test_an_update_of_the_copies_alone_keeps_the_model(hosting: Sandbox) -> None:
    component(hosting)
    hosting.advance(121)
    hosting.call(
        "UpdateInferenceComponentRuntimeConfig",
        *WHERE,
        InferenceComponentName="ic",
        DesiredRuntimeConfig={"CopyCount": 0},
    )
    hosting.advance(61)
    facts = described(hosting)
    assert facts["RuntimeConfig"] == {"DesiredCopyCount": 0, "CurrentCopyCount": 0}
    assert facts["Specification"]["ModelName"] == "one"


def test_an_adapter_is_on_its_bases_variant_and_keeps_the_base(hosting: Sandbox) -> None:
    component(hosting, "base")
    hosting.advance(121)
    adapter = {"BaseInferenceComponentName": "base", "Container": {"ArtifactUrl": "s3://b/adapter.tar.gz"}}
    component(hosting, "adapter", Specification=adapter, VariantName=None, RuntimeConfig=None)
    hosting.advance(121)
    assert described(hosting, "adapter")["VariantName"] == "hosts"
    assert described(hosting, "adapter")["Specification"] == adapter
    with pytest.raises(ServiceError, match="it is the base of adapter"):
        hosting.call("DeleteInferenceComponent", *WHERE, InferenceComponentName="base")
    assert described(hosting, "base")["InferenceComponentStatus"] == "InService"


def test_listings_filter_by_endpoint_variant_and_status(hosting: Sandbox) -> None:
    hosting.call("CreateEndpoint", *WHERE, EndpointName="f", EndpointConfigName="c")
    hosting.advance(300)
    component(hosting, "first")
    component(hosting, "second", EndpointName="f")
    assert sorted(listed(hosting)) == ["first", "second"]
    assert listed(hosting, EndpointNameEquals="e") == ["first"]
    assert listed(hosting, VariantNameEquals="none") == []
    assert listed(hosting, StatusEquals="InService") == []
    (row,) = hosting.call("ListInferenceComponents", *WHERE, EndpointNameEquals="f")["InferenceComponents"]
    assert set(row) == {
        "InferenceComponentName",
        "InferenceComponentArn",
        "InferenceComponentStatus",
        "EndpointName",
        "EndpointArn",
        "VariantName",
        "CreationTime",
        "LastModifiedTime",
    }


def test_answers_are_in_the_service_model(hosting: Sandbox) -> None:
    container = {"Image": "repository/one:1", "ArtifactUrl": "s3://b/a.tar.gz", "Environment": {"A": "b"}}
    component(hosting, Specification={"Container": container, "ComputeResourceRequirements": COMPUTE})
    hosting.advance(121)
    assert model_mismatches("DescribeInferenceComponent", described(hosting)) == []
    rows = hosting.call("ListInferenceComponents", *WHERE)
    assert model_mismatches("ListInferenceComponents", rows) == []


def test_an_endpoint_with_components_is_not_deleted(hosting: Sandbox) -> None:
    component(hosting)
    with pytest.raises(ServiceError, match="while it hosts inference components"):
        hosting.call("DeleteEndpoint", *WHERE, EndpointName="e")
    assert hosting.call("DescribeEndpoint", *WHERE, EndpointName="e")["EndpointStatus"] == "InService"


def test_iam_asks_for_the_component_and_its_endpoint(hosting: Sandbox, connect: Connect) -> None:
    user = Keys("AKIACOMPONENTS000000", "secret")
    allowed = {
        "Effect": "Allow",
        "Action": ["sagemaker:CreateInferenceComponent", "sagemaker:ListInferenceComponents"],
        "Resource": [arn("inference-component", "*"), "*"],
        "Condition": {"StringEquals": {"aws:RequestedRegion": REGION}},
    }
    denied = {
        "Effect": "Deny",
        "Action": "sagemaker:CreateInferenceComponent",
        "Resource": arn("endpoint", "e"),
    }
    principals.add_user(ACCOUNT, "components", user.id, user.secret, allowed, denied)
    hosting.enforce()
    client = connect("sagemaker", user)
    with pytest.raises(ClientError) as caught:
        client.create_inference_component(
            InferenceComponentName="ic",
            EndpointName="e",
            VariantName="hosts",
            Specification={"ModelName": "one", "ComputeResourceRequirements": COMPUTE},
            RuntimeConfig={"CopyCount": 1},
        )
    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"
    assert client.list_inference_components()["InferenceComponents"] == []
    with pytest.raises(ClientError) as caught:
        client.describe_inference_component(InferenceComponentName="ic")
    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"
