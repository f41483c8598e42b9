"""URLs of resources in the AWS console of their own partition."""

from urllib.parse import quote

# The console's host in each partition that has a public one. Consoles of other partitions are not documented.
_CONSOLE_HOSTS = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}


def console_url(path: str | None, arn: str, region: str, name: str) -> str | None:
    """Give the console page of a resource, in its ARN's partition; None if that partition or the kind has none.

    Args:
        path: The kind's console path (`ApiNames.console_path`); None if its resources have no pages.
        arn: The resource's ARN.
        region: Its region.
        name: Its name.
    """
    host = _console_host(arn)
    return (
        None if host is None or path is None else f"https://{host}/sagemaker/home?region={region}#/{path}/{quote(name)}"
    )


def logs_url(arn: str, region: str, group: str, streams: str | None = None) -> str | None:
    """Give the page of a log group in the CloudWatch console; None if the ARN's partition has no public console.

    The console decodes the part behind `#` twice, with `$` for `%`: a slash is `$252F`, `?` is `$3F`.

    Args:
        arn: The ARN of the resource that writes the logs.
        region: Its region.
        group: The log group, such as `/aws/sagemaker/TrainingJobs`.
        streams: The beginning of the names of the streams to show; None for all of the group.
    """
    host = _console_host(arn)
    if host is None:
        return None
    page = f"https://{host}/cloudwatch/home?region={region}#logsV2:log-groups/log-group/{_twice_quoted(group)}"
    return page if streams is None else f"{page}$3FlogStreamNameFilter$3D{_twice_quoted(streams)}"


def _twice_quoted(text: str) -> str:
    return quote(quote(text, safe=""), safe="").replace("%", "$")


def _console_host(arn: str) -> str | None:
    return _CONSOLE_HOSTS.get(arn.split(":", 2)[1] if arn.count(":") >= 2 else "")
