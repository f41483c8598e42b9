"""Malformed numbers, dates and documents are refused as AWS refuses them, and are no server error."""

import base64
from typing import Any

import httpx
import pytest

from sandbox.server import Sandbox

SIGNED = "AWS4-HMAC-SHA256 Credential=AKIATESTSTESTSTESTS0/20260101/eu-west-1/{0}/aws4_request, Signature=00"
POLICY = base64.b64encode(b'{"expiration": "tomorrow", "conditions": []}').decode()


def sagemaker(operation: str, body: str) -> dict[str, Any]:
    headers = {"x-amz-target": f"SageMaker.{operation}", "authorization": SIGNED.format("sagemaker")}
    return {"method": "POST", "url": "/", "content": body, "headers": headers}


REQUESTS = {
    "a number as text": sagemaker("ListModels", '{"MaxResults": "ten"}'),
    "a date as text": sagemaker("ListModels", '{"CreationTimeBefore": "yesterday"}'),
    "a date far away": sagemaker("ListTrainingJobs", '{"LastModifiedTimeAfter": 1e300}'),
    "tags that are none": sagemaker("AddTags", '{"ResourceArn": "arn:aws:sagemaker:x:1:model/m", "Tags": [3]}'),
    "no object": sagemaker("ListModels", "[]"),
    "no JSON": sagemaker("ListModels", "{"),
    "a resource that is no text": {
        **sagemaker("x", '{"ResourceARNList": {"a": 1}}'),
        "headers": {
            "x-amz-target": "ResourceGroupsTaggingAPI_20170126.GetResources",
            "authorization": SIGNED.format("tagging"),
        },
    },
    "a duration": {
        "method": "POST",
        "url": "/",
        "headers": {"authorization": SIGNED.format("sts")},
        "data": {"Action": "AssumeRole", "RoleArn": "arn:aws:iam::222222222222:role/r", "RoleSessionName": "me",
                 "DurationSeconds": "soon"},
    },
    "an expiry": {
        "method": "GET",
        "url": "/bucket/key?X-Amz-Credential=AKIATESTSTESTSTESTS0/20260101/eu-west-1/s3/aws4_request"
        "&X-Amz-Expires=soon&X-Amz-Date=20260101T000000Z",
    },
    "a form's policy": {
        "method": "POST",
        "url": "/bucket",
        "files": {"file": b"x"},
        "data": {"key": "k", "policy": POLICY, "x-amz-credential": "AKIATESTSTESTSTESTS0/20260101/eu-west-1/s3/x"},
    },
}  # fmt: skip


@pytest.mark.parametrize("enforced", [False, True], ids=["open", "enforced"])
@pytest.mark.parametrize("name", REQUESTS)
def test_it_is_refused(sandbox: Sandbox, name: str, *, enforced: bool) -> None:
    sandbox.enforce(on=enforced)
    with httpx.Client(base_url=sandbox.url) as client:
        answer = client.request(**REQUESTS[name])
    assert 400 <= answer.status_code < 500
