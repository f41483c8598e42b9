"""Model packages, their groups and versions."""

from typing import Any

from tests.sandbox.behaviours.behaviour import IMAGE, Behaviour, Cost, Stage, error

NOBODY = "sagegraph-never-was"


def _group(stage: Stage, word: str) -> str:
    name = stage.named(word)
    stage.client.create_model_package_group(ModelPackageGroupName=name)
    stage.made.append(("delete_model_package_group", {"ModelPackageGroupName": name}))
    return name


def _package(stage: Stage, **ask: Any) -> str:
    specification = {
        "Containers": [{"Image": IMAGE}],
        "SupportedContentTypes": ["text/csv"],
        "SupportedResponseMIMETypes": ["text/csv"],
    }
    arn = str(stage.client.create_model_package(InferenceSpecification=specification, **ask)["ModelPackageArn"])
    stage.made.append(("delete_model_package", {"ModelPackageName": arn}))
    return arn


def no_group(stage: Stage) -> None:
    for operation in (stage.client.describe_model_package_group, stage.client.delete_model_package_group):
        code, message = error(operation, ModelPackageGroupName=NOBODY)
        assert code == "ValidationException"
        assert "does not exist" in message


def group_twice(stage: Stage) -> None:
    name = _group(stage, "twice")
    code, message = error(stage.client.create_model_package_group, ModelPackageGroupName=name)
    assert code == "ValidationException"
    assert message.startswith("Model Package Group already exists")
    stage.client.delete_model_package_group(ModelPackageGroupName=name)
    assert _group(stage, "twice") == name


def versions_await_approval(stage: Stage) -> None:
    group = _group(stage, "counted")
    for number in (1, 2):
        text = stage.client.describe_model_package(ModelPackageName=_package(stage, ModelPackageGroupName=group))
        assert (text["ModelPackageVersion"], text["ModelApprovalStatus"]) == (number, "PendingManualApproval")
        assert text["ModelPackageArn"] == stage.arn("model-package", f"{group}/{number}")


def rows_of_versions(stage: Stage) -> None:
    group = _group(stage, "rows")
    arn = _package(stage, ModelPackageGroupName=group)
    (row,) = stage.client.list_model_packages(ModelPackageGroupName=group, ModelPackageType="Versioned")[
        "ModelPackageSummaryList"
    ]
    assert (row["ModelPackageArn"], row["ModelPackageGroupName"], row["ModelPackageVersion"]) == (arn, group, 1)
    assert "ModelPackageName" not in row
    assert "ModelPackageName" not in stage.client.describe_model_package(ModelPackageName=arn)


def unversioned_by_default(stage: Stage) -> None:
    group = _group(stage, "typed")
    _package(stage, ModelPackageGroupName=group)
    name = stage.named("typed-alone")
    _package(stage, ModelPackageName=name)

    def listed(**ask: Any) -> list[str]:
        rows = stage.client.list_model_packages(SortOrder="Descending", MaxResults=100, **ask)
        return [row["ModelPackageArn"].split("/", 1)[1] for row in rows["ModelPackageSummaryList"]]

    assert name in listed()
    assert not any("/" in row for row in listed())
    assert {name, f"{group}/1"} <= set(listed(ModelPackageType="Both"))


def name_or_group(stage: Stage) -> None:
    code, message = error(lambda: _package(stage, ModelPackageName=NOBODY, ModelPackageGroupName=NOBODY))
    assert code == "ValidationException"
    assert message.startswith("Both ModelPackageName and ModelPackageGroupName are provided in the input.")


def batch_tells_each(stage: Stage) -> None:
    group = _group(stage, "batch")
    arn = _package(stage, ModelPackageGroupName=group)
    missing = f"{arn.rpartition('/')[0]}/99"
    answer = stage.client.batch_describe_model_package(ModelPackageArnList=[arn, missing])
    assert list(answer["ModelPackageSummaries"]) == [arn]
    assert list(answer["BatchDescribeModelPackageErrorMap"]) == [missing]


def decision_is_kept(stage: Stage) -> None:
    arn = _package(stage, ModelPackageGroupName=_group(stage, "decided"))
    assert "LastModifiedTime" not in stage.client.describe_model_package(ModelPackageName=arn)
    change = {"ModelApprovalStatus": "Approved", "ApprovalDescription": "measured"}
    stage.client.update_model_package(ModelPackageArn=arn, **change)
    text = stage.client.describe_model_package(ModelPackageName=arn)
    assert {key: text[key] for key in change} == change
    assert text["LastModifiedTime"] >= text["CreationTime"]


def group_of_versions_stays(stage: Stage) -> None:
    group = _group(stage, "full")
    arn = _package(stage, ModelPackageGroupName=group)
    assert error(stage.client.delete_model_package_group, ModelPackageGroupName=group)[0] in (
        "ConflictException",
        "ValidationException",
    )
    stage.client.delete_model_package(ModelPackageName=arn)
    stage.client.delete_model_package_group(ModelPackageGroupName=group)


TABLE = (
    Behaviour(
        "A package group that is not there is a ValidationException that says so",
        "hashicorp/terraform-provider-aws finds it by 'does not exist'",
        no_group,
    ),
    Behaviour(
        "A package group's name is taken until it is deleted",
        "Airflow's SageMaker hook matches 'Model Package Group already exists'",
        group_twice,
        Cost.WRITES,
    ),
    Behaviour(
        "Versions of a group are counted from 1 and await approval",
        "botocore service-2: ModelPackageVersion, ModelApprovalStatus",
        versions_await_approval,
        Cost.WRITES,
    ),
    Behaviour(
        "Neither rows nor descriptions of versions have a name",
        "aws/sagemaker-python-sdk issue 5606; AWS's guide, the example of 'View the Details of a Model Version'",
        rows_of_versions,
        Cost.WRITES,
    ),
    Behaviour(
        "Packages without versions are listed, unless ModelPackageType says otherwise",
        "botocore: ListModelPackages, 'This is the default value if no ModelPackageType is specified'",
        unversioned_by_default,
        Cost.WRITES,
    ),
    Behaviour(
        "A package is a version of a group or has a name of its own",
        "getmoto/moto pull request 7165, as AWS words it",
        name_or_group,
    ),
    Behaviour(
        "Several versions are described at once, with an error for each that is not there",
        "botocore: BatchDescribeModelPackage, BatchDescribeModelPackageErrorMap",
        batch_tells_each,
        Cost.WRITES,
    ),
    Behaviour(
        "A decision about a version is kept with its words and its time",
        "botocore: UpdateModelPackage, ApprovalDescription, LastModifiedTime",
        decision_is_kept,
        Cost.WRITES,
    ),
    Behaviour(
        "A group that has versions is not deleted",
        "botocore: DeleteModelPackageGroup models ConflictException",
        group_of_versions_stays,
        Cost.WRITES,
    ),
)
