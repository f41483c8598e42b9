"""The estate of the group ``risk``: credit, fraud and compliance models in eu-west-1."""

from sandbox.estate import specs
from sandbox.estate.history import History
from sandbox.sagemaker.timeline import Outcome

SCORER_IMAGE = "sagemaker-xgboost:1.7-1"
SCIKIT_IMAGE = "sagemaker-scikit-learn:1.2-1-cpu-py3"
HF_TRAINING_IMAGE = "huggingface-pytorch-training:2.1.0-transformers4.36.0-gpu-py310-cu121-ubuntu20.04"
LEGACY_MODEL = "CreditLimit-Advisor"
HF_IMAGE = "huggingface-pytorch-inference:2.1.0-transformers4.37.0-cpu-py310-ubuntu22.04"


def write_history(story: History) -> None:
    """Write the group's last year into its story."""
    _scorers(story)
    _fraud(story)
    _documents(story)
    _pipeline(story)
    _money_laundering(story)
    _scenarios(story)
    _legacy(story)


def _tags(stage: str = "production", team: str = "credit-risk") -> dict[str, str]:
    return {"team": team, "cost-center": "CC-4410", "stage": stage, "owner": "model-risk-office"}


def _scorers(story: History) -> None:
    """Three generations of one scorer: the oldest model is deleted, its snapshot is not."""
    group, image = story.group, specs.framework(story.group, SCORER_IMAGE)
    settings = {"objective": "binary:logistic", "num_round": "400", "max_depth": "6", "eta": "0.05"}
    for version, days, auc in ((5, 340.0, 0.781), (6, 190.0, 0.803), (7, 41.0, 0.817)):
        name = f"credit-risk-scorer-v{version}"
        outcome = Outcome(seconds=2_140 + 90 * version, metrics={"validation:auc": auc, "train:auc": auc + 0.021})
        recipe = specs.TrainingSpec("credit-risk-scorer", image, settings, spot=version == 7)
        artifact = specs.train(story, days + 1.2, recipe, outcome, _tags())
        container = {
            "Image": image,
            "ModelDataUrl": artifact,
            "Environment": specs.environment(SCORE_FLOOR="300", FEATURE_STORE_API_KEY="fs-51c0ffee-not-a-real-key"),
        }
        story.model(days, name, _tags(), PrimaryContainer=container, VpcConfig=specs.vpc(group))
        story.snapshot(days - 0.1, name, specs.variant(name, "ml.m5.xlarge", 2), tags=_tags())
    story.call(150.0, "DeleteModel", ModelName="credit-risk-scorer-v5")
    old = specs.variant("credit-risk-scorer-v6", "ml.m5.xlarge", 2, 0.9, "champion")
    new = specs.variant("credit-risk-scorer-v7", "ml.m5.xlarge", 1, 0.1, "challenger")
    story.snapshot(39.0, "credit-risk-scorer-champion-challenger", old, new, tags=_tags(),
                   DataCaptureConfig=specs.capture(group, 100, "credit-risk-scorer"))  # fmt: skip
    story.runtime(188.0, "credit-risk-scorer", "credit-risk-scorer-v6", _tags())
    story.call(
        38.5,
        "UpdateEndpoint",
        EndpointName="credit-risk-scorer",
        EndpointConfigName="credit-risk-scorer-champion-challenger",
    )
    story.runtime(40.0, "credit-risk-scorer-staging", "credit-risk-scorer-v7", _tags("staging"))
    for days in (33.0, 26.0, 19.0, 12.0, 5.0):
        specs.transform(story, days, "credit-risk-scorer-v7", _tags(), Outcome(seconds=610))
    specs.transform(story, 4.6, "credit-risk-scorer-v7", _tags(), Outcome(seconds=95, failure=(
        "ClientError: See job logs for more information: 400 Bad Request - Feature size of csv inference request 23 "
        "is not consistent with feature size of trained model 24")))  # fmt: skip
    deeper = specs.TrainingSpec("credit-risk-scorer", image, settings | {"num_round": "4000", "max_depth": "14"})
    broken = Outcome(seconds=310, failure="AlgorithmError: Exit Code: 1, MemoryError: unable to allocate 18.6 GiB")
    specs.train(story, 1.4, deeper, broken, _tags("development"))


def _fraud(story: History) -> None:
    """Card fraud: isolated from the network, with a shadow of the next version behind the current one."""
    group, image = story.group, specs.framework(story.group, SCORER_IMAGE)
    for version, days in ((11, 120.0), (12, 24.0)):
        name = f"fraud-detection-v{version}"
        recipe = specs.TrainingSpec(
            "fraud-detection",
            image,
            {"objective": "binary:logistic", "scale_pos_weight": "170", "num_round": "900"},
            instance_type="ml.m5.4xlarge",
        )
        outcome = Outcome(seconds=5_400, metrics={"validation:aucpr": 0.62 + version / 100})
        artifact = specs.train(story, days + 0.8, recipe, outcome, _tags(team="payments-fraud"))
        story.model(
            days,
            name,
            _tags(team="payments-fraud"),
            PrimaryContainer={"Image": image, "ModelDataUrl": artifact, "Environment": specs.environment()},
            VpcConfig=specs.vpc(group),
            EnableNetworkIsolation=True,
        )
    story.snapshot(119.0, "fraud-detection-v11", specs.variant("fraud-detection-v11", "ml.c5.2xlarge", 4),
                   tags=_tags(team="payments-fraud"), KmsKeyId="alias/fraud-endpoints")  # fmt: skip
    story.snapshot(
        22.0,
        "fraud-detection-v11-shadow-v12",
        specs.variant("fraud-detection-v11", "ml.c5.2xlarge", 4, name="live"),
        tags=_tags(team="payments-fraud"),
        ShadowProductionVariants=[specs.variant("fraud-detection-v12", "ml.c5.2xlarge", 4, name="shadow")],
        DataCaptureConfig=specs.capture(group, 20, "fraud-detection"),
        KmsKeyId="alias/fraud-endpoints",
    )
    story.runtime(118.0, "fraud-detection", "fraud-detection-v11", _tags(team="payments-fraud"))
    story.call(
        21.0, "UpdateEndpoint", EndpointName="fraud-detection", EndpointConfigName="fraud-detection-v11-shadow-v12"
    )
    story.monitoring_schedule(20.0, "fraud-detection-data-quality", "fraud-detection", Outcome(failure=(
        "Monitoring job found 2 violations of the baseline: transaction_amount, merchant_category")))  # fmt: skip
    specs.transform(story, 23.5, "fraud-detection-v12", _tags(team="payments-fraud"), Outcome(seconds=1_330))


def _documents(story: History) -> None:
    """Loan documents: a Hugging Face model from an uncompressed folder, served from CPUs."""
    group, name = story.group, "loan-document-classifier"
    recipe = specs.TrainingSpec(
        name,
        specs.deep_learning(group, HF_TRAINING_IMAGE),
        {"model_name": "distilbert-base-uncased", "epochs": "4", "learning_rate": "0.00005"},
        instance_type="ml.g4dn.xlarge",
        compressed=False,
    )
    outcome = Outcome(seconds=7_900, metrics={"eval_f1": 0.934, "eval_loss": 0.188})
    folder = specs.train(story, 75.6, recipe, outcome, _tags(team="lending-operations"))
    source = {"S3DataSource": {"S3Uri": folder, "S3DataType": "S3Prefix", "CompressionType": "None"}}
    secret = {"HF_TASK": "text-classification", "HF_API_TOKEN": "hf_sandboxonlynotarealtoken0000000"}
    container = {
        "Image": specs.deep_learning(group, HF_IMAGE),
        "ModelDataSource": source,
        "Environment": specs.environment(**secret),
    }
    story.model(75.0, name, _tags(team="lending-operations"), PrimaryContainer=container)
    story.snapshot(74.9, f"{name}-cpu", specs.variant(name, "ml.m5.xlarge"), tags=_tags(team="lending-operations"))
    story.snapshot(
        60.0, f"{name}-gpu", specs.variant(name, "ml.g4dn.xlarge"), tags=_tags("staging", "lending-operations")
    )
    story.runtime(74.8, name, f"{name}-cpu", _tags(team="lending-operations"))


def _pipeline(story: History) -> None:
    """Collections: three containers in a row, and an endpoint that did not come up."""
    group, name = story.group, "collections-propensity-pipeline"
    scikit, booster = specs.framework(group, SCIKIT_IMAGE), specs.framework(group, SCORER_IMAGE)
    recipe = specs.TrainingSpec(
        "collections-propensity", booster, {"objective": "reg:squarederror", "num_round": "250"}
    )
    outcome = Outcome(seconds=880, metrics={"validation:rmse": 0.214})
    artifact = specs.train(story, 55.5, recipe, outcome, _tags())
    program = specs.environment(SAGEMAKER_PROGRAM="inference.py")
    containers = [
        {"ContainerHostname": "preprocess", "Image": scikit, "Environment": program,
         "ModelDataUrl": f"s3://{group.bucket}/models/collections/preprocess.tar.gz"},
        {"ContainerHostname": "score", "Image": booster, "ModelDataUrl": artifact, "Environment": specs.environment()},
        {"ContainerHostname": "postprocess", "Image": scikit, "Environment": program,
         "ModelDataUrl": f"s3://{group.bucket}/models/collections/postprocess.tar.gz"},
    ]  # fmt: skip
    story.model(55.0, name, _tags(), Containers=containers, InferenceExecutionConfig={"Mode": "Serial"})
    story.snapshot(54.0, name, specs.variant(name, "ml.m5.xlarge"), tags=_tags("staging"))
    story.runtime(53.9, "collections-propensity", name, _tags("staging"), Outcome(seconds=1_900, failure=(
        "The primary container for production variant AllTraffic did not pass the ping health check. Please check "
        "CloudWatch logs for this endpoint.")))  # fmt: skip


def _money_laundering(story: History) -> None:
    """Transaction monitoring: approved in the model registry, answered asynchronously."""
    group, name, package_group = story.group, "aml-transaction-monitor-v2", "aml-transaction-monitor"
    image = specs.framework(group, SCORER_IMAGE)
    story.call(301.0, "CreateModelPackageGroup", ModelPackageGroupName=package_group)
    for version, days in ((1, 300.0), (2, 92.0)):
        recipe = specs.TrainingSpec(package_group, image, {"objective": "binary:logistic", "num_round": "600"})
        outcome = Outcome(seconds=3_300, metrics={"validation:auc": 0.9 + version / 100})
        artifact = specs.train(story, days + 1.0, recipe, outcome, _tags(team="financial-crime"))
        story.call(
            days,
            "CreateModelPackage",
            ModelPackageGroupName=package_group,
            ModelPackageDescription=f"Version {version}, for alerts of the transaction monitoring",
            ModelApprovalStatus="Approved",
            InferenceSpecification={
                "Containers": [{"Image": image, "ModelDataUrl": artifact}],
                "SupportedContentTypes": ["text/csv"],
                "SupportedResponseMIMETypes": ["text/csv"],
            },
        )
    container = {"ModelPackageName": f"{group.arn('model-package', package_group)}/2"}
    story.model(91.0, name, _tags(team="financial-crime"), PrimaryContainer=container, VpcConfig=specs.vpc(group))
    story.snapshot(
        90.0,
        f"{name}-async",
        specs.variant(name, "ml.m5.2xlarge"),
        tags=_tags(team="financial-crime"),
        AsyncInferenceConfig={
            "OutputConfig": {
                "S3OutputPath": f"s3://{group.bucket}/async/aml/output",
                "S3FailurePath": f"s3://{group.bucket}/async/aml/failed",
            },
            "ClientConfig": {"MaxConcurrentInvocationsPerInstance": 4},
        },
    )
    story.runtime(89.9, "aml-transaction-monitor", f"{name}-async", _tags(team="financial-crime"))


def _scenarios(story: History) -> None:
    """Provisioning: never served, only run in batches at the end of each quarter."""
    name, image = "ifrs9-macro-scenarios", specs.framework(story.group, SCIKIT_IMAGE)
    recipe = specs.TrainingSpec(name, image, {"sagemaker_program": "train.py", "quarters": "40"}, channels=("train",))
    artifact = specs.train(story, 200.5, recipe, Outcome(seconds=260, metrics={"r2": 0.91}), _tags(team="provisioning"))
    story.model(200.0, name, _tags(team="provisioning"), PrimaryContainer={
        "Image": image, "ModelDataUrl": artifact, "Environment": specs.environment()})  # fmt: skip
    for days in (180.0, 89.0, 2.0):
        specs.transform(
            story,
            days,
            name,
            _tags(team="provisioning"),
            Outcome(seconds=420),
            BatchStrategy="MultiRecord",
            MaxPayloadInMB=6,
        )


def _legacy(story: History) -> None:
    """One from before the rules: a name in mixed case, no tags, an artifact that no job here made."""
    container = {
        "Image": specs.framework(story.group, "sagemaker-xgboost:0.90-2-cpu-py3"),
        "ModelDataUrl": f"https://s3.eu-west-1.amazonaws.com/{story.group.bucket}/legacy/credit-limit.tar.gz",
    }
    story.model(364.0, LEGACY_MODEL, {}, PrimaryContainer=container)
    story.data += [
        f"s3://{story.group.bucket}/{folder}/"
        for folder in (f"datasets/{LEGACY_MODEL}/train", f"batch/{LEGACY_MODEL}/input")
    ]
    story.snapshot(363.9, "CreditLimit-Advisor-Config", specs.variant(LEGACY_MODEL, "ml.m4.xlarge"), tags={})
