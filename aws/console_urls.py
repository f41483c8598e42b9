"""URLs of resources in the AWS console of their own partition."""

from urllib.parse import quote

from aws.kinds.kind import API_NAMES, Kind

# The console's host of each partition that has a public one. Other partitions' consoles are not documented.
_CONSOLE_HOSTS = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}


def console_url(kind: Kind, arn: str, region: str, name: str) -> str | None:
    """The resource's console page, in its ARN's own partition; None where that partition has no public console."""
    host = _CONSOLE_HOSTS.get(arn.split(":", 2)[1] if arn.count(":") >= 2 else "")
    if host is None:
        return None
    return f"https://{host}/sagemaker/home?region={region}#/{API_NAMES[kind].console_path}/{quote(name)}"
