"""An HTTP request and the AWS call that its head describes."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs, unquote

import orjson

_CREDENTIAL = re.compile(r"Credential=([^/]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request")
_S3_OBJECT = {
    "GET": "GetObject",
    "PUT": "PutObject",
    "HEAD": "HeadObject",
    "DELETE": "DeleteObject",
    "POST": "PostObject",
}
_S3_BUCKET = {"PUT": "CreateBucket", "HEAD": "HeadBucket", "DELETE": "DeleteBucket"}
UPLOAD_FIELDS = frozenset({"key", "policy", "x-amz-credential", "x-amz-signature", "x-amz-security-token"})
COPY_SOURCE = "x-amz-copy-source"
SERVICE_OF_ACTION = {"AssumeRoleWithWebIdentity": "sts", "AssumeRoleWithSAML": "sts"}


@dataclass(frozen=True)
class IncomingRequest:
    """One HTTP request, its body read to the end.

    Attributes:
        method: GET, POST and so on, in upper case.
        raw_path: The path as sent, percent-encoded.
        query: The query string without ``?``.
        headers: Values by name in lower case.
        body: The body; empty for none.
    """

    method: str
    raw_path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @cached_property
    def path(self) -> str:
        """The path, decoded."""
        return unquote(self.raw_path)

    @cached_property
    def arguments(self) -> dict[str, str]:
        """The query string's fields; of a repeated field the first."""
        return {key: values[0] for key, values in parse_qs(self.query, keep_blank_values=True).items()}

    @cached_property
    def form(self) -> dict[str, str]:
        """The fields of a form body, which is the input of the query protocol."""
        if not self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            return {}
        fields = parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True)
        return {key: values[0] for key, values in fields.items()}

    @cached_property
    def json(self) -> Any:
        """The JSON body, ``{}`` for an empty one; None if it is not JSON."""
        try:
            return orjson.loads(self.body or b"{}")
        except orjson.JSONDecodeError:
            return None

    @cached_property
    def upload_form(self) -> dict[str, str]:
        """The fields of a browser's upload to S3 that name its target and signer."""
        return {name: part.decode("utf-8", "replace") for name, part in self.parts.items() if name in UPLOAD_FIELDS}

    @cached_property
    def parts(self) -> dict[str, bytes]:
        """The parts of a form with a file, by name in lower case; empty for any other body."""
        kind, _, boundary = self.headers.get("content-type", "").partition("boundary=")
        if not kind.startswith("multipart/form-data"):
            return {}
        datas: dict[str, bytes] = {}
        for part in self.body.split(b"--" + boundary.strip('"').encode()):
            head, _, content = part.partition(b"\r\n\r\n")
            if name := head.partition(b'name="')[2].partition(b'"')[0].decode("utf-8", "replace").lower():
                datas[name] = content.removesuffix(b"\r\n")
        return datas

    @cached_property
    def credential(self) -> tuple[str, str, str] | None:
        """Access key, region and service in the scope of the signature; None for an unsigned request."""
        scope = _CREDENTIAL.search(self.headers.get("authorization", ""))
        if scope:
            return scope[1], scope[3], scope[4]
        asked = self.arguments.get("X-Amz-Credential") or self.upload_form.get("x-amz-credential", "")
        parts = asked.split("/")
        return (parts[0], parts[2], parts[3]) if len(parts) == 5 else None

    @cached_property
    def service(self) -> str:
        """The AWS service of the request, as signatures name it."""
        if self.headers.get("x-amz-target", "").startswith("SageMaker."):
            return "sagemaker"
        if self.credential:
            return self.credential[2]
        return SERVICE_OF_ACTION.get(self.form.get("Action", ""), "s3")

    @cached_property
    def protocol(self) -> str:
        """The service's protocol: ``json``, ``query`` or ``s3``."""
        if "x-amz-target" in self.headers:
            return "json"
        return "s3" if self.service == "s3" else "query"

    @cached_property
    def region(self) -> str:
        """The region in the signature; us-east-1 for an unsigned request."""
        return self.credential[1] if self.credential else "us-east-1"

    @cached_property
    def operation(self) -> str:
        """The operation's name; method and path if the request names none."""
        target = self.headers.get("x-amz-target")
        if target:
            return target.rpartition(".")[2]
        action = self.form.get("Action") or self.arguments.get("Action")
        if action:
            return action
        if "/operation/" in self.path:
            return self.path.rpartition("/")[2]
        return self._s3_operation() if self.service == "s3" else f"{self.method} {self.path}"

    @cached_property
    def resource(self) -> str | None:
        """Name or ARN of the resource, if the request names one; for S3 bucket and key."""
        if self.service == "s3":
            return self.path.lstrip("/") or None
        source = self.json if self.service == "sagemaker" else self.form
        if not isinstance(source, dict):
            return None
        first = RESOURCE_FIELDS.get(self.operation)
        value = source.get(first) if first else None
        return value if isinstance(value, str) else None

    def _s3_operation(self) -> str:
        bucket, _, key = self.path.lstrip("/").partition("/")
        if not bucket:
            return "ListBuckets"
        if key and self.method == "PUT" and COPY_SOURCE in self.headers:
            return "CopyObject"
        if key:
            return _S3_OBJECT.get(self.method, self.method)
        if self.method == "GET":
            return "ListObjectsV2" if self.arguments.get("list-type") == "2" else "GetBucket"
        if self.method == "POST":
            return "DeleteObjects" if "delete" in self.arguments else "PostObject"
        return _S3_BUCKET.get(self.method, self.method)


NAME_FIELDS = (
    "Model",
    "EndpointConfig",
    "Endpoint",
    "TrainingJob",
    "TransformJob",
    "ProcessingJob",
    "HyperParameterTuningJob",
    "Pipeline",
    "InferenceComponent",
    "ModelPackage",
    "ModelPackageGroup",
    "MonitoringSchedule",
)


def _fields() -> dict[str, str]:
    fields = {"ListTags": "ResourceArn", "AddTags": "ResourceArn", "DeleteTags": "ResourceArn", "Search": "Resource"}
    for thing in NAME_FIELDS:
        for verb in ("Create", "Describe", "Update", "Delete", "Stop"):
            fields[f"{verb}{thing}"] = f"{thing}Name"
    fields["ListTrainingJobsForHyperParameterTuningJob"] = "HyperParameterTuningJobName"
    fields |= dict.fromkeys(("StartPipelineExecution", "ListPipelineExecutions"), "PipelineName")
    for action in ("DescribePipelineExecution", "StopPipelineExecution", "ListPipelineExecutionSteps"):
        fields[action] = "PipelineExecutionArn"
    for action in ("DescribePipelineDefinitionForExecution", "ListPipelineParametersForExecution"):
        fields[action] = "PipelineExecutionArn"
    fields["StartMonitoringSchedule"] = "MonitoringScheduleName"
    fields["UpdateEndpointWeightsAndCapacities"] = "EndpointName"
    fields["UpdateInferenceComponentRuntimeConfig"] = "InferenceComponentName"
    for action in ("AssumeRole", "AssumeRoleWithWebIdentity"):
        fields[action] = "RoleArn"
    return fields


RESOURCE_FIELDS = _fields()
"""The input field with the resource's name, per operation."""
