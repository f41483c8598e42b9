"""What is not there, what is not allowed to be asked, and names."""

from tests.sandbox.behaviours.behaviour import Behaviour, Cost, Stage, error

NOBODY = "sagegraph-never-was"


def no_model(stage: Stage) -> None:
    assert error(stage.client.describe_model, ModelName=NOBODY) == (
        "ValidationException",
        f'Could not find model "{stage.arn("model", NOBODY)}".',
    )


def no_config(stage: Stage) -> None:
    assert error(stage.client.describe_endpoint_config, EndpointConfigName=NOBODY) == (
        "ValidationException",
        f'Could not find endpoint configuration "{stage.arn("endpoint-config", NOBODY)}".',
    )


def no_endpoint(stage: Stage) -> None:
    assert error(stage.client.describe_endpoint, EndpointName=NOBODY) == (
        "ValidationException",
        f'Could not find endpoint "{stage.arn("endpoint", NOBODY)}".',
    )


def no_training_job(stage: Stage) -> None:
    assert error(stage.client.describe_training_job, TrainingJobName=NOBODY) == (
        "ValidationException",
        "Requested resource not found.",
    )


def no_transform_job(stage: Stage) -> None:
    code, message = error(stage.client.describe_transform_job, TransformJobName=NOBODY)
    assert code in ("ResourceNotFound", "ValidationException")
    assert message.startswith("Could not find requested job with name")


def no_transform_job_to_stop(stage: Stage) -> None:
    code, message = error(stage.client.stop_transform_job, TransformJobName=NOBODY)
    assert code in ("ResourceNotFound", "ValidationException")
    assert message.startswith("Could not find job to update with name")


def page_too_large(stage: Stage) -> None:
    code, message = error(stage.client.list_models, MaxResults=101)
    assert code == "ValidationException"
    assert "Value '101' at 'maxResults' failed to satisfy constraint" in message
    assert "Member must have value less than or equal to 100" in message


def wrong_characters(stage: Stage) -> None:
    code, message = error(stage.client.list_models, NameContains="no_underscores")
    assert code == "ValidationException"
    assert "Value 'no_underscores' at 'nameContains' failed to satisfy constraint" in message
    assert "Member must satisfy regular expression pattern" in message


def name_too_long(stage: Stage) -> None:
    code, message = error(stage.client.describe_model, ModelName="m" * 64)
    assert code == "ValidationException"
    assert "at 'modelName' failed to satisfy constraint: Member must have length less than or equal to 63" in message


def several_at_once(stage: Stage) -> None:
    code, message = error(stage.client.list_endpoints, MaxResults=101, SortBy="Colour")
    assert code == "ValidationException"
    assert message.startswith("2 validation errors detected: ")


def forged_token(stage: Stage) -> None:
    assert error(stage.client.list_models, NextToken="forged")[0] == "ValidationException"


def twice(stage: Stage) -> None:
    name = stage.model("twice")
    ask = {"ExecutionRoleArn": stage.role_arn, "PrimaryContainer": {"Image": "repository/image:1"}}
    assert error(stage.client.create_model, ModelName=name, **ask) == (
        "ValidationException",
        f'Cannot create already existing model "{stage.arn("model", name)}".',
    )


def config_twice(stage: Stage) -> None:
    name = stage.config("twice-config", stage.model("twice-model"))
    code, message = error(lambda: stage.config("twice-config", stage.named("twice-model")))
    assert (code, message) == (
        "ValidationException",
        f'Cannot create already existing endpoint configuration "{stage.arn("endpoint-config", name)}".',
    )


def name_free_again(stage: Stage) -> None:
    name = stage.model("reused", Tags=[{"Key": "first", "Value": "yes"}])
    first = stage.client.describe_model(ModelName=name)["CreationTime"]
    stage.client.delete_model(ModelName=name)
    stage.wait(2)
    stage.model("reused")
    assert stage.client.describe_model(ModelName=name)["CreationTime"] > first
    assert stage.client.list_tags(ResourceArn=stage.arn("model", name))["Tags"] == []


def arn_in_lower_case(stage: Stage) -> None:
    name = stage.model("MixedCase")
    model = stage.client.describe_model(ModelName=name)
    assert model["ModelName"] == name
    assert model["ModelArn"] == stage.arn("model", name.lower())


def config_needs_its_models(stage: Stage) -> None:
    assert error(lambda: stage.config("orphan", NOBODY)) == (
        "ValidationException",
        f'Could not find model "{stage.arn("model", NOBODY)}".',
    )


def model_goes_config_stays(stage: Stage) -> None:
    model = stage.model("goes")
    config = stage.config("stays", model)
    stage.client.delete_model(ModelName=model)
    endpoint_config = stage.client.describe_endpoint_config(EndpointConfigName=config)
    assert endpoint_config["ProductionVariants"][0]["ModelName"] == model


def weight_by_default(stage: Stage) -> None:
    config = stage.config("weighed", stage.model("weighed-model"))
    endpoint_config = stage.client.describe_endpoint_config(EndpointConfigName=config)
    assert endpoint_config["ProductionVariants"][0]["InitialVariantWeight"] == 1.0


TABLE = (
    Behaviour(
        "A model that is not there is a ValidationException that names its ARN",
        "botocore: DescribeModel models no error; hashicorp/terraform-provider-aws finds it by 'Could not find model'",
        no_model,
    ),
    Behaviour(
        "An endpoint configuration that is not there is a ValidationException that names its ARN",
        "hashicorp/terraform-provider-aws issue 40048",
        no_config,
    ),
    Behaviour(
        "An endpoint that is not there is a ValidationException that names its ARN",
        "botocore: waiter EndpointDeleted expects ValidationException",
        no_endpoint,
    ),
    Behaviour(
        "A training job that is not there is a ValidationException, though documented as ResourceNotFound",
        "aws/aws-sdk issue 165",
        no_training_job,
    ),
    Behaviour(
        "A transform job that is not there is told by its name",
        "Airflow's operator and moto take ValidationException; botocore documents ResourceNotFound",
        no_transform_job,
    ),
    Behaviour(
        "A transform job to stop that is not there is told by its name",
        "As for DescribeTransformJob; sagemaker-python-sdk's list of harmless errors",
        no_transform_job_to_stop,
    ),
    Behaviour("A page holds 100 rows at most", "botocore service-2: MaxResults, max 100", page_too_large),
    Behaviour(
        "NameContains takes letters, digits and hyphens", "botocore service-2: ModelNameContains", wrong_characters
    ),
    Behaviour("Names have 63 characters at most", "botocore service-2: ModelName, max 63", name_too_long),
    Behaviour(
        "Every broken constraint is named at once",
        "AWS's own wording, as in Kenza-AI/sagify issue 57: '1 validation error detected: …'",
        several_at_once,
    ),
    Behaviour("A token that SageMaker did not give is refused", "botocore service-2: PaginationToken", forged_token),
    Behaviour(
        "A model's name is taken until it is deleted",
        "Worded as for endpoint configurations: awslabs/spot-tagging-bot-for-digital-assets issue 2",
        twice,
        Cost.WRITES,
    ),
    Behaviour(
        "An endpoint configuration's name is taken until it is deleted",
        "awslabs/spot-tagging-bot-for-digital-assets issue 2",
        config_twice,
        Cost.WRITES,
    ),
    Behaviour(
        "A deleted name can be used again, for another thing", "botocore: DeleteModel", name_free_again, Cost.WRITES
    ),
    Behaviour(
        "An ARN has the name in lower case, whatever its case",
        "philschmid/cdk-samples issue 2: 'the endpoint is always lower'",
        arn_in_lower_case,
        Cost.WRITES,
    ),
    Behaviour(
        "An endpoint configuration is not made for a model that is not there",
        "botocore: CreateEndpointConfig, 'you identify one or more models, created using the CreateModel API'",
        config_needs_its_models,
        Cost.WRITES,
    ),
    Behaviour(
        "Deleting a model leaves the configurations that name it",
        "botocore: DeleteModel 'deletes only the model entry'",
        model_goes_config_stays,
        Cost.WRITES,
    ),
    Behaviour(
        "A variant's weight is 1.0 where none is given",
        "botocore service-2: ProductionVariant.InitialVariantWeight",
        weight_by_default,
        Cost.WRITES,
    ),
)
