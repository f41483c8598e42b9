"""Counting requests."""

from typing import Any

from sandbox.call_log import AwsCall, CallLog
from sandbox.server import Sandbox


def _call(operation: str, user: str = "one") -> AwsCall:
    return AwsCall(
        "sagemaker", operation, f"arn:aws:sts::222222222222:assumed-role/risk/{user}", "222222222222", "eu-west-1"
    )


def test_counts_by_operation_principal_and_account() -> None:
    calls = CallLog()
    for call in (_call("ListModels"), _call("ListModels", "two"), _call("DescribeModel")):
        with calls.record(call):
            pass
    assert calls.count() == 3
    assert calls.count("ListModels") == 2
    assert calls.count("ListModels", principal="risk/two") == 1
    assert calls.count(account="333333333333") == 0
    assert calls.by_operation() == {"DescribeModel": 1, "ListModels": 2}
    assert calls.by_principal() == {
        "arn:aws:sts::222222222222:assumed-role/risk/one": 2,
        "arn:aws:sts::222222222222:assumed-role/risk/two": 1,
    }
    assert calls.by_account() == {"222222222222": 3}
    assert calls.recent("DescribeModel") == (_call("DescribeModel"),)
    calls.clear()
    assert (calls.count(), calls.recent(), calls.by_operation()) == (0, (), {})


def test_the_most_at_once_is_remembered() -> None:
    calls = CallLog()
    with calls.record(_call("ListModels")):
        with calls.record(_call("ListModels")), calls.record(_call("DescribeModel")):
            assert (calls.open_now("ListModels"), calls.open_now("DescribeModel")) == (2, 1)
        with calls.record(_call("ListModels")):
            pass
    assert (calls.max_concurrent("ListModels"), calls.max_concurrent("DescribeModel")) == (2, 1)
    assert (calls.open_now("ListModels"), calls.open_now("DescribeModel")) == (0, 0)


def test_requests_are_counted_with_what_they_are_about(sandbox: Sandbox, sagemaker: Any, connect: Any) -> None:
    sagemaker.list_models()
    connect("s3").list_buckets()
    connect("sts").get_caller_identity()
    assert sandbox.calls.by_operation() == {"GetCallerIdentity": 1, "ListBuckets": 1, "ListModels": 1}
    (listed,) = sandbox.calls.recent("ListModels")
    assert (listed.principal, listed.account, listed.region) == (
        "arn:aws:iam::222222222222:user/tests",
        "222222222222",
        "eu-west-1",
    )
