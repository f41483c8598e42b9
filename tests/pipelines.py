"""An account whose models were trained, evaluated and registered by executions of a pipeline."""

from dataclasses import dataclass

from aws.links.pipelines import PIPELINE_TAG
from sandbox.estate.groups import Group
from sandbox.sagemaker.tuning_jobs import training_job_name
from sandbox.server import Sandbox
from tests.gateway_client import RISK
from tests.sagemaker_builder import (
    BUCKET,
    building,
    processing_step,
    registering_step,
    training_step,
    tuning_step,
)


@dataclass(frozen=True)
class MadeExecutions:
    """The names of what the account holds.

    Attributes:
        first: The id of the first execution of the pipeline `Churn`.
        second: The id of the second, whose artifact and version the models `made` and `registered` are of.
    """

    sandbox: Sandbox
    group: Group
    first: str
    second: str

    @property
    def arn(self) -> str:
        """The ARN of the second execution."""
        return self.group.arn("pipeline", f"churn/execution/{self.second}")

    def name(self, execution: str = "") -> str:
        """The name of an execution, as its ARN has it."""
        return f"churn/execution/{execution or self.second}"

    def job(self, step: str, execution: str = "") -> str:
        """The name of the job that a step has made."""
        return f"pipelines-{execution or self.second}-{step}"

    def calls(self) -> dict[str, int]:
        """The calls to SageMaker since the last look."""
        counted = self.sandbox.calls.by_operation()
        self.sandbox.calls.clear()
        return {name: count for name, count in counted.items() if not name.startswith("AssumeRole")}


def make_executions(sandbox: Sandbox, group: Group = RISK) -> MadeExecutions:
    """Two executions that train, evaluate and register; models of the artifact and of the version; other jobs."""
    with building(sandbox, group) as things:
        things.call_at("CreateModelPackageGroup", ModelPackageGroupName="scorers")
        steps = (
            training_step(),
            processing_step("evaluate", "train"),
            processing_step("prepare"),
            {"Name": "check", "Type": "Condition"},
            registering_step("scorers", "train"),
        )
        first = things.execution("Churn", *steps)
        made = MadeExecutions(sandbox, group, first, things.execution("Churn", PipelineExecutionDisplayName="again"))
        things.model("made", f"s3://{BUCKET}/pipelines/{made.job('train')}/output/model.tar.gz")
        things.model("registered", PrimaryContainer={"ModelPackageName": f"{group.arn('model-package', 'scorers')}/2"})
        things.training("alone")
        things.training("boast", ExperimentConfig={"ExperimentName": "Churn", "TrialName": made.second})
        things.training("other", ExperimentConfig={"ExperimentName": "study", "TrialName": "a" * 100})
    sandbox.calls.clear()
    return made


@dataclass(frozen=True)
class TunedModel:
    """The id of an execution that prepares and tunes; the model `best` is of the first training job of its tuner."""

    execution: str
    tuner: str

    @property
    def name(self) -> str:
        """The name of the execution, as its ARN has it."""
        return f"tuned/execution/{self.execution}"

    @property
    def prepared(self) -> str:
        """The processing job of its first step."""
        return f"pipelines-{self.execution}-prepare"


def make_tuned_model(sandbox: Sandbox, group: Group = RISK) -> TunedModel:
    """See TunedModel."""
    with building(sandbox, group) as things:
        execution = things.execution("Tuned", processing_step("prepare"), tuning_step("tune"))
        tuner = f"pipelines-{execution}-tune"
        started = training_job_name(group.arn("hyper-parameter-tuning-job", tuner), tuner, 1)
        things.model("best", f"s3://{BUCKET}/tuned/{started}/output/model.tar.gz")
    sandbox.calls.clear()
    return TunedModel(execution, tuner)


def take_pipeline_tag(sandbox: Sandbox, tuning_job: str, group: Group = RISK) -> None:
    """Take away the tag by which a pipeline has marked a tuning job, so that nothing leads from it to its execution."""
    arn = group.arn("hyper-parameter-tuning-job", tuning_job)
    sandbox.call("DeleteTags", group.account, group.region, ResourceArn=arn, TagKeys=[PIPELINE_TAG])
