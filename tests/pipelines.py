"""An account whose models were trained, evaluated and registered by executions of a pipeline."""

from dataclasses import dataclass

from aws.links.pipelines import PIPELINE_TAG
from sandbox.estate.groups import Group
from sandbox.server import Sandbox
from tests.gateway_client import RISK
from tests.sagemaker_builder import BUCKET, building, processing_step, registering_step, training_step


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


def take_pipeline_tag(sandbox: Sandbox, tuning_job: str, group: Group = RISK) -> None:
    """Take away the tag by which a pipeline has marked a tuning job, so that nothing leads from it to its execution."""
    arn = group.arn("hyper-parameter-tuning-job", tuning_job)
    sandbox.call("DeleteTags", group.account, group.region, ResourceArn=arn, TagKeys=[PIPELINE_TAG])
