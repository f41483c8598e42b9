"""A group's account as large as a test wants it, made without HTTP."""

import time

from sandbox.server import Sandbox
from tests.sagemaker_builder import BUCKET, SageMakerBuilder, variant


def fill(sandbox: Sandbox, *, models: int, snapshots: int, runtimes: int, training: int, transforms: int) -> None:
    """Things that have been there for months; the clock stands still at the present, so that keys are good.

    Every model's artifact is that of a training job, as long as there are jobs; snapshots go round the models, runtimes
    round the snapshots, transform jobs round the models.
    """
    things = SageMakerBuilder(sandbox)
    artifacts = [things.training(f"train-{number:04}") for number in range(training)]
    for number in range(models):
        artifact = artifacts[number] if number < len(artifacts) else f"s3://{BUCKET}/models/{number}.tar.gz"
        things.model(f"model-{number:04}", artifact)
    for number in range(snapshots):
        things.call_at(
            "CreateEndpointConfig",
            EndpointConfigName=f"snapshot-{number:04}",
            ProductionVariants=[variant(f"model-{models - 1 - number % models:04}")],
        )
    for number in range(runtimes):
        things.runtime(f"runtime-{number:04}", f"snapshot-{number % snapshots:04}")
    for number in range(transforms):
        things.transform(f"batch-{number:04}", f"model-{models - 1 - number % models:04}")
    sandbox.clock.set(time.time())
    sandbox.sagemaker.run_due()
