"""URLs of resources in the AWS console of their own partition."""

from urllib.parse import quote

# The console's host of each partition that has a public one. Other partitions' consoles are not documented.
_CONSOLE_HOSTS = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}


def console_url(path: str, arn: str, region: str, name: str) -> str | None:
    """The page of a resource in the console of its ARN's partition; None if that partition has no public console.

    Args:
        path: The kind's console path (`ApiNames.console_path`).
        arn: The resource's ARN.
        region: Its region.
        name: Its name.
    """
    host = _CONSOLE_HOSTS.get(arn.split(":", 2)[1] if arn.count(":") >= 2 else "")
    if host is None:
        return None
    return f"https://{host}/sagemaker/home?region={region}#/{path}/{quote(name)}"
