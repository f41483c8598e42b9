"""The estate of the group ``marketing``: customers, products and demand in us-east-2."""

from sandbox.estate import specs
from sandbox.estate.history import History
from sandbox.sagemaker.timeline import Outcome

BOOSTER_IMAGE = "sagemaker-xgboost:1.7-1"
TORCH_IMAGE = "pytorch-inference:2.3.0-gpu-py311-cu121-ubuntu20.04-sagemaker"
TORCH_TRAINING_IMAGE = "pytorch-training:2.3.0-gpu-py311-cu121-ubuntu20.04-sagemaker"
NEURON_IMAGE = "pytorch-inference-neuronx:2.1.2-neuronx-py310-sdk2.20.0-ubuntu20.04"
HF_IMAGE = "huggingface-pytorch-inference:2.1.0-transformers4.37.0-cpu-py310-ubuntu22.04"
MINUTE = 1 / 1440


def write_history(story: History) -> None:
    """Write the group's last year into its story."""
    _churn(story)
    _demand(story)
    _recommender(story)
    _sentiment(story)
    _lifetime_value(story)
    _images(story)


def _tags(stage: str = "production", team: str = "customer-analytics") -> dict[str, str]:
    return {"team": team, "cost-center": "CC-7205", "stage": stage, "owner": "marketing-data-science"}


def _churn(story: History) -> None:
    """Churn: two versions, one of them serving, and the next in training."""
    image = specs.framework(story.group, BOOSTER_IMAGE)
    settings = {"objective": "binary:logistic", "num_round": "300", "subsample": "0.8"}
    for version, days, auc in ((3, 210.0, 0.842), (4, 62.0, 0.861)):
        name = f"churn-predictor-v{version}"
        outcome = Outcome(seconds=1_020, metrics={"validation:auc": auc})
        artifact = specs.train(
            story, days + 0.5, specs.TrainingSpec("churn-predictor", image, settings), outcome, _tags()
        )
        container = {
            "Image": image,
            "ModelDataUrl": artifact,
            "Environment": specs.environment(CRM_PASSWORD="sandbox-only-correct-horse"),  # noqa: S106 - an example
        }
        story.model(days, name, _tags(), PrimaryContainer=container)
        story.snapshot(days - 0.2, name, specs.variant(name, "ml.m5.large", 2), tags=_tags())
    story.runtime(209.0, "churn-predictor", "churn-predictor-v3", _tags())
    story.call(61.0, "UpdateEndpoint", EndpointName="churn-predictor", EndpointConfigName="churn-predictor-v4",
               DeploymentConfig=specs.canary(50))  # fmt: skip
    story.monitoring_schedule(60.0, "churn-predictor-data-quality", "churn-predictor", Outcome())
    for days in (45.0, 15.0):
        specs.transform(
            story, days, "churn-predictor-v4", _tags(), Outcome(seconds=350), DataProcessing={"JoinSource": "Input"}
        )
    longer = specs.TrainingSpec("churn-predictor", image, settings | {"num_round": "600"})
    outcome = Outcome(seconds=2_400, metrics={"validation:auc": 0.868})
    specs.train(story, 18 * MINUTE, longer, outcome, _tags("development"))


def _demand(story: History) -> None:
    """Demand by region: one endpoint, many small models under one prefix."""
    group, name, image = story.group, "demand-forecast-regional", specs.framework(story.group, BOOSTER_IMAGE)
    for i, region in enumerate(("midwest", "northeast", "south")):
        recipe = specs.TrainingSpec(
            f"demand-forecast-{region}",
            image,
            {"objective": "reg:squarederror", "num_round": "180"},
            instance_type="ml.m5.xlarge",
            spot=True,
            output="models/demand-forecast",
        )
        outcome = Outcome(seconds=700 + 60 * i, metrics={"validation:mape": 0.11 + i / 100})
        specs.train(story, 131.0 - i / 24, recipe, outcome, _tags(team="merchandising"))
    container = {"Image": image, "Mode": "MultiModel", "ModelDataUrl": f"s3://{group.bucket}/models/demand-forecast/",
                 "Environment": specs.environment()}  # fmt: skip
    story.model(130.0, name, _tags(team="merchandising"), PrimaryContainer=container)
    story.snapshot(129.0, f"{name}-mme", specs.variant(name, "ml.r5.xlarge", 2), tags=_tags(team="merchandising"))
    story.runtime(128.5, "demand-forecast", f"{name}-mme", _tags(team="merchandising"))


def _recommender(story: History) -> None:
    """Recommendations: instance pools over two kinds of hardware, and an update under way."""
    group, name = story.group, "product-recommender-v9"
    recipe = specs.TrainingSpec(
        "product-recommender",
        specs.deep_learning(group, TORCH_TRAINING_IMAGE),
        {"epochs": "12", "embedding_dim": "128", "lr": "0.0008"},
        instance_type="ml.g5.2xlarge",
    )
    outcome = Outcome(seconds=21_600, metrics={"ndcg@10": 0.417, "recall@50": 0.588})
    artifact = specs.train(story, 35.5, recipe, outcome, _tags(team="personalization"))
    environment = specs.environment(SAGEMAKER_MODEL_SERVER_WORKERS="2")
    for model, image in ((name, TORCH_IMAGE), (f"{name}-neuron", NEURON_IMAGE)):
        container = {"Image": specs.deep_learning(group, image), "ModelDataUrl": artifact, "Environment": environment}
        story.model(35.0, model, _tags(team="personalization"), VpcConfig=specs.vpc(group), PrimaryContainer=container)
    story.snapshot(34.0, name, specs.variant(name, "ml.g5.xlarge", 2), tags=_tags(team="personalization"))
    pools = [
        {"InstanceType": "ml.inf2.xlarge", "Priority": 1, "ModelNameOverride": f"{name}-neuron"},
        {"InstanceType": "ml.g5.xlarge", "Priority": 2},
    ]
    pooled = {"VariantName": "AllTraffic", "ModelName": name, "InstancePools": pools, "InitialInstanceCount": 3}
    story.snapshot(3.0, f"{name}-pools", pooled, tags=_tags(team="personalization"),
                   DataCaptureConfig=specs.capture(group, 5, "product-recommender"))  # fmt: skip
    story.runtime(33.5, "product-recommender", name, _tags(team="personalization"))
    story.call(1 * MINUTE, "UpdateEndpoint", EndpointName="product-recommender", EndpointConfigName=f"{name}-pools")


def _sentiment(story: History) -> None:
    """Reviews: a small language model, served without instances."""
    group, name = story.group, "review-sentiment-v2"
    container = {
        "Image": specs.deep_learning(group, HF_IMAGE),
        "ModelDataUrl": f"s3://{group.bucket}/models/review-sentiment/model.tar.gz",
        "Environment": specs.environment(HF_TASK="text-classification"),
    }
    story.model(280.0, name, _tags(team="voice-of-customer"), PrimaryContainer=container)
    story.snapshot(279.0, f"{name}-serverless", specs.serverless(name, 3072, 50), tags=_tags(team="voice-of-customer"))
    story.runtime(278.0, "review-sentiment", f"{name}-serverless", _tags(team="voice-of-customer"))


def _lifetime_value(story: History) -> None:
    """Lifetime value: in batches only, one of them running now."""
    group, name = story.group, "customer-lifetime-value"
    image = specs.built_in(group, "linear-learner:1")
    recipe = specs.TrainingSpec(
        name,
        image,
        {"predictor_type": "regressor", "feature_dim": "48", "mini_batch_size": "1000"},
        channels=("train", "test"),
    )
    outcome = Outcome(seconds=410, metrics={"validation:objective_loss": 0.337})
    artifact = specs.train(story, 80.4, recipe, outcome, _tags())
    story.model(80.0, name, _tags(), EnableNetworkIsolation=True, PrimaryContainer={
        "Image": image, "ModelDataUrl": artifact, "Environment": specs.environment()})  # fmt: skip
    for days in (70.0, 40.0, 10.0):
        specs.transform(story, days, name, _tags(), Outcome(seconds=900))
    specs.transform(story, 3 * MINUTE, name, _tags(), Outcome(seconds=1_200))


def _images(story: History) -> None:
    """Product pictures: an asynchronous endpoint under creation."""
    group, name = story.group, "product-image-tagger"
    training_image = specs.deep_learning(group, TORCH_TRAINING_IMAGE)
    oversized = specs.TrainingSpec(
        name, training_image, {"epochs": "20", "batch_size": "512"}, instance_type="ml.g4dn.xlarge"
    )
    broken = "AlgorithmError: ExecuteUserScriptError: ExitCode 1, RuntimeError: CUDA out of memory"
    specs.train(story, 9.0, oversized, Outcome(seconds=1_500, failure=broken), _tags("development", "catalog"))
    recipe = specs.TrainingSpec(
        name, training_image, {"epochs": "20", "batch_size": "96"}, instance_type="ml.g5.4xlarge"
    )
    outcome = Outcome(seconds=14_000, metrics={"val:map": 0.731})
    artifact = specs.train(story, 8.0, recipe, outcome, _tags("staging", "catalog"))
    container = {
        "Image": specs.deep_learning(group, TORCH_IMAGE),
        "ModelDataUrl": artifact,
        "Environment": specs.environment(),
    }
    story.model(7.0, name, _tags("staging", "catalog"), PrimaryContainer=container)
    broken = "InternalServerError: We encountered an internal error. Please try again."
    outcome = Outcome(seconds=60, failure=broken)
    specs.transform(story, 6.0, name, _tags("staging", "catalog"), outcome, name=f"{name}-batch-first")
    story.snapshot(
        0.01,
        f"{name}-async",
        specs.variant(name, "ml.g4dn.xlarge"),
        tags=_tags("staging", "catalog"),
        AsyncInferenceConfig={"OutputConfig": {"S3OutputPath": f"s3://{group.bucket}/async/images"}},
    )
    story.runtime(1.5 * MINUTE, name, f"{name}-async", _tags("staging", "catalog"))
