"""The service model: what is asked is checked by it, and every answer fits it."""

from typing import Any

import pytest

from sandbox.estate import Estate, Group
from sandbox.sagemaker import validation
from sandbox.sagemaker.service import HANDLERS
from sandbox.server import Sandbox
from sandbox.service_errors import ServiceError

KINDS = {
    "Model": "Models",
    "EndpointConfig": "EndpointConfigs",
    "Endpoint": "Endpoints",
    "TrainingJob": "TrainingJobSummaries",
    "TransformJob": "TransformJobSummaries",
    "MonitoringSchedule": "MonitoringScheduleSummaries",
}


def _answers(sandbox: Sandbox, group: Group) -> list[tuple[str, Any]]:
    """Everything that can be read of a group's things."""

    def ask(operation: str, **more: Any) -> Any:
        return sandbox.call(operation, group.account, group.region, **more)

    result: list[tuple[str, Any]] = []
    for kind, rows in KINDS.items():
        listed = ask(f"List{kind}s", MaxResults=100)
        result.append((f"List{kind}s", listed))
        for row in listed[rows]:
            name = {f"{kind}Name": row[f"{kind}Name"]}
            result.append((f"Describe{kind}", ask(f"Describe{kind}", **name)))
            result.append(("ListTags", ask("ListTags", ResourceArn=row[f"{kind}Arn"])))
    result.extend(
        ("Search", ask("Search", Resource=kind, MaxResults=100)) for kind in ("Model", "Endpoint", "TrainingJob")
    )
    return result


def test_every_answer_fits_the_service_model_at_every_stage_of_life(sandbox: Sandbox, estate: Estate) -> None:
    seen = 0
    for _ in range(6):
        for group in estate.groups:
            for operation, answer in _answers(sandbox, group):
                assert validation.model_mismatches(operation, answer) == []
                seen += 1
        sandbox.advance(60)
    assert seen > 1000


def test_packages_fit_too(sandbox: Sandbox, estate: Estate) -> None:
    group = estate.risk
    arn = f"{group.arn('model-package', 'aml-transaction-monitor')}/2"
    one = sandbox.call("DescribeModelPackage", group.account, group.region, ModelPackageName=arn)
    # AWS leaves it out, too, whatever its service model says.
    assert validation.model_mismatches("DescribeModelPackage", one) == [
        "DescribeModelPackage.ModelPackageName is missing"
    ]
    assert one["ModelPackageVersion"] == 2
    missing = arn.replace("/2", "/9")
    both = sandbox.call("BatchDescribeModelPackage", group.account, group.region, ModelPackageArnList=[arn, missing])
    assert validation.model_mismatches("BatchDescribeModelPackage", both) == []
    assert list(both["ModelPackageSummaries"]) == [arn]
    assert list(both["BatchDescribeModelPackageErrorMap"]) == [missing]


def test_misfits_are_found() -> None:
    assert validation.model_mismatches("DescribeModel", {"ModelName": "m", "ModelArn": 3, "Colour": "blue"}) == [
        "DescribeModel.CreationTime is missing",
        "DescribeModel.ModelArn is 3, not a string",
        "DescribeModel.Colour is not in the service model",
    ]
    assert validation.model_mismatches("ListEndpoints", {"Endpoints": [{"EndpointStatus": "Broken"}]})[-1] == (
        "ListEndpoints.Endpoints[].EndpointStatus is 'Broken', which EndpointStatus does not have"
    )


def test_every_operation_is_one_of_sagemakers() -> None:
    assert all(validation.is_operation(name) for name in HANDLERS)


@pytest.mark.parametrize(
    ("operation", "ask", "text"),
    [
        ("DescribeModel", {}, "Value null at 'modelName' failed to satisfy constraint: Member must not be null"),
        (
            "DescribeModel",
            {"ModelName": 3},
            "Value '3' at 'modelName' failed to satisfy constraint: Member must be a string",
        ),
        (
            "CreateEndpoint",
            {"EndpointName": "-x", "EndpointConfigName": "c"},
            "Value '-x' at 'endpointName' failed to satisfy constraint: Member must satisfy regular expression "
            "pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}",
        ),
        (
            "AddTags",
            {
                "ResourceArn": "arn:aws:sagemaker:eu-west-1:222222222222:model/m",
                "Tags": [{"Key": "k", "Value": "v" * 257}],
            },
            f"Value '{'v' * 257}' at 'tags.1.member.value' failed to satisfy constraint: "
            "Member must have length less than or equal to 256",
        ),
        (
            "ListModels",
            {"MaxResults": "ten"},
            "Value 'ten' at 'maxResults' failed to satisfy constraint: Member must be an integer",
        ),
        (
            "ListModels",
            {"CreationTimeAfter": "yesterday"},
            "Value 'yesterday' at 'creationTimeAfter' failed to satisfy constraint: "
            "Member must be a timestamp in seconds",
        ),
        (
            "ListModels",
            {"CreationTimeAfter": 1e300},
            "Value '1e+300' at 'creationTimeAfter' failed to satisfy constraint: "
            "Member must be a timestamp between the years 1970 and 9999",
        ),
        (
            "UpdateEndpoint",
            {"EndpointName": "e", "EndpointConfigName": "c", "RetainAllVariantProperties": "yes"},
            "Value 'yes' at 'retainAllVariantProperties' failed to satisfy constraint: Member must be a boolean",
        ),
        (
            "CreateModel",
            {"ModelName": "m", "PrimaryContainer": {"Environment": {"1st": "v"}}},
            "Value '{'1st': 'v'}' at 'primaryContainer.environment' failed to satisfy constraint: Map keys must "
            "satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z_][a-zA-Z0-9_]*]",
        ),
        (
            "CreateModel",
            {"ModelName": "m", "PrimaryContainer": {"Environment": {"KEY": 1}}},
            "Value '{'KEY': 1}' at 'primaryContainer.environment' failed to satisfy constraint: Map value must "
            "satisfy constraint: [Member must be a string]",
        ),
    ],
)
def test_broken_constraints_are_named(operation: str, ask: dict[str, Any], text: str) -> None:
    with pytest.raises(ServiceError) as caught:
        validation.validate(operation, ask)
    assert (caught.value.code, caught.value.message) == ("ValidationException", f"1 validation error detected: {text}")


@pytest.mark.parametrize("end", ["\n", "\r", "\u2028"])
def test_a_hyper_parameter_is_on_one_line(end: str) -> None:
    """Its pattern is `.*`, and Java's dot matches no line end."""
    ask = {"TrainingJobName": "j", "HyperParameters": {"loss": f"a{end}b"}}
    with pytest.raises(ServiceError) as caught:
        validation.validate("CreateTrainingJob", ask)
    assert "Map value must satisfy constraint: [Member must satisfy regular" in caught.value.message
    with pytest.raises(ServiceError) as caught:
        validation.validate("CreateTrainingJob", {**ask, "HyperParameters": {"loss": "a b"}})
    assert "hyperParameters" not in caught.value.message


def test_null_members_count_as_absent(sandbox: Sandbox) -> None:
    request = {"MaxResults": None, "NameContains": None, "CreationTimeAfter": None, "SortBy": None}
    assert sandbox.call("ListModels", "222222222222", "eu-west-1", **request) == {"Models": []}


def test_patterns_that_python_cannot_read_match() -> None:
    model = validation.service_model()
    for name in model.shape_names:
        pattern = model.shape_for(name).metadata.get("pattern")
        if pattern:
            validation._pattern(pattern)
