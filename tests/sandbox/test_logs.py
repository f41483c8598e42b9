"""CloudWatch Logs: empty answers for tools that follow a job."""

from typing import Any

import pytest
from botocore.exceptions import ClientError


def test_there_are_no_log_streams_and_no_events(connect: Any) -> None:
    client = connect("logs")
    group = "/aws/sagemaker/TrainingJobs"
    assert client.describe_log_streams(logGroupName=group, logStreamNamePrefix="job/")["logStreams"] == []
    assert client.get_log_events(logGroupName=group, logStreamName="job/algo-1")["events"] == []
    with pytest.raises(ClientError) as caught:
        client.create_log_group(logGroupName="g")
    assert caught.value.response["Error"]["Code"] == "NotInSandbox"
