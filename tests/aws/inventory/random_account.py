"""Account with random events, and the history of what was read from it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aws.kinds.catalog import API_NAMES
from aws.kinds.kind import LISTED_KINDS, Kind
from sandbox.server import Sandbox
from sandbox.service_errors import ServiceError as SandboxError
from tests.aws.sandbox_account import ACCOUNT, EXECUTION_ROLE, IMAGE, REGION, component_request, make_component_host
from tests.sagemaker_builder import processing_request, tuning_request

BUCKET = "s3://truth"
# How many of each there are to begin with: more than are described one by one where Search may be used.
OPENING = 6


@dataclass
class RandomAccount:
    """An account in which things happen, and what has been seen of it."""

    sandbox: Sandbox
    last_seen: dict[tuple[Kind, str], float] = field(default_factory=dict)
    permitted_since: dict[Kind, float] = field(default_factory=dict)
    refused_since: dict[Kind, float] = field(default_factory=dict)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.sandbox.clock.now(), UTC)

    def try_to(self, operation: str, **ask: Any) -> None:
        """Asks SageMaker; it may well refuse, because the thing is there already, in use, or not there."""
        try:
            self.sandbox.call(operation, ACCOUNT, REGION, **ask)
        except SandboxError:
            return

    def begin(self) -> None:
        """Things that have been there for an hour."""
        make_component_host(self.sandbox, "host")
        self.sandbox.advance(600)
        self.try_to("CreateModelPackageGroup", ModelPackageGroupName="p")
        for i in range(OPENING):
            self.process(i)
            self.tune(i)
            self.try_to("CreateModelPackage", ModelPackageGroupName="p")
            self.model(i, i)
            self.config(i, i)
            self.try_to("CreateEndpoint", EndpointName=f"e{i}", EndpointConfigName=f"c{i}")
            self.train(i, 0)
            self.transform(i, i)
            self.component(i, i)
            self.sandbox.advance(1)
        self.sandbox.advance(3600)

    def model(self, i: int, j: int) -> None:
        data = f"{BUCKET}/out/t{j}/output/model.tar.gz" if j % 2 else f"{BUCKET}/models/m{i}.tar.gz"
        container = {"Image": IMAGE, "ModelDataUrl": data}
        tags = [{"Key": "n", "Value": str(j)}] if j else []
        role = EXECUTION_ROLE
        self.try_to("CreateModel", ModelName=f"m{i}", ExecutionRoleArn=role, PrimaryContainer=container, Tags=tags)

    def config(self, i: int, j: int) -> None:
        variant = {"VariantName": "a", "ModelName": f"m{j}", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
        self.try_to("CreateEndpointConfig", EndpointConfigName=f"c{i}", ProductionVariants=[variant])

    def train(self, i: int, j: int) -> None:
        self.try_to(
            "CreateTrainingJob",
            TrainingJobName=f"t{i}",
            RoleArn=EXECUTION_ROLE,
            AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"},
            OutputDataConfig={"S3OutputPath": f"{BUCKET}/out"},
            ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1 + j, "VolumeSizeInGB": 10},
            StoppingCondition={"MaxRuntimeInSeconds": 3600},
        )

    def transform(self, i: int, j: int) -> None:
        source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"{BUCKET}/input/"}}
        self.try_to(
            "CreateTransformJob",
            TransformJobName=f"x{i}",
            ModelName=f"m{j}",
            TransformInput={"DataSource": source},
            TransformOutput={"S3OutputPath": f"{BUCKET}/output/"},
            TransformResources={"InstanceType": "ml.m5.large", "InstanceCount": 1},
        )

    def component(self, i: int, j: int) -> None:
        self.try_to("CreateInferenceComponent", **component_request(f"i{i}", "host", f"m{j}"))

    def update_component(self, i: int, j: int) -> None:
        request = component_request(f"i{i}", "host", f"m{j}")
        changed = {"InferenceComponentName": f"i{i}", "Specification": request["Specification"]}
        self.try_to("UpdateInferenceComponent", **changed)

    def decide(self, i: int, j: int) -> None:
        arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/p/{i + 1}"
        decision = "Approved" if j % 2 else "Rejected"
        self.try_to("UpdateModelPackage", ModelPackageArn=arn, ModelApprovalStatus=decision)

    def process(self, i: int) -> None:
        self.try_to("CreateProcessingJob", **processing_request(f"p{i}", EXECUTION_ROLE))

    def tune(self, i: int) -> None:
        self.try_to("CreateHyperParameterTuningJob", **tuning_request(f"h{i}", EXECUTION_ROLE, f"{BUCKET}/tuned"))

    def tag(self, i: int, j: int) -> None:
        arn = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model/m{i}"
        self.try_to("AddTags", ResourceArn=arn, Tags=[{"Key": "n", "Value": str(j)}])

    def refuse(self, kind: Kind, *, lists: bool = True) -> None:
        """Search would go on showing what descriptions refuse; that it may be used is for the settings to say."""
        spelling = API_NAMES[kind]
        for operation in (spelling.list_operation,) * lists + (spelling.describe_operation, "Search"):
            self.sandbox.faults.refuse(operation)
        self.refused_since.setdefault(kind, self.sandbox.clock.now())

    def permit(self) -> None:
        self.sandbox.faults.clear()
        for kind in self.refused_since:
            self.permitted_since[kind] = self.sandbox.clock.now()
        self.refused_since.clear()


ACTIONS: dict[str, Callable[[RandomAccount, int, int], None]] = {
    "model": RandomAccount.model,
    "config": RandomAccount.config,
    "endpoint": lambda w, i, j: w.try_to("CreateEndpoint", EndpointName=f"e{i}", EndpointConfigName=f"c{j}"),
    "train": RandomAccount.train,
    "transform": RandomAccount.transform,
    "component": RandomAccount.component,
    "update component": RandomAccount.update_component,
    "tag": RandomAccount.tag,
    "package": lambda w, _, __: w.try_to("CreateModelPackage", ModelPackageGroupName="p"),
    "decide": RandomAccount.decide,
    "update endpoint": lambda w, i, j: w.try_to("UpdateEndpoint", EndpointName=f"e{i}", EndpointConfigName=f"c{j}"),
    "delete model": lambda w, i, _: w.try_to("DeleteModel", ModelName=f"m{i}"),
    "delete config": lambda w, i, _: w.try_to("DeleteEndpointConfig", EndpointConfigName=f"c{i}"),
    "delete endpoint": lambda w, i, _: w.try_to("DeleteEndpoint", EndpointName=f"e{i}"),
    "delete component": lambda w, i, _: w.try_to("DeleteInferenceComponent", InferenceComponentName=f"i{i}"),
    "process": lambda w, i, _: w.process(i),
    "tune": lambda w, i, _: w.tune(i),
    "stop processing": lambda w, i, _: w.try_to("StopProcessingJob", ProcessingJobName=f"p{i}"),
    "stop tuning": lambda w, i, _: w.try_to("StopHyperParameterTuningJob", HyperParameterTuningJobName=f"h{i}"),
    "stop": lambda w, i, _: w.try_to("StopTrainingJob", TrainingJobName=f"t{i}"),
    "refuse": lambda w, i, j: w.refuse(LISTED_KINDS[i % len(LISTED_KINDS)], lists=j % 2 == 0),
    "permit": lambda w, _, __: w.permit(),
}
