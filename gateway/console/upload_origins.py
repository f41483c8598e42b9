"""The origins that a browser sends files to: the bucket for uploads, in every region of the settings."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from auth.credential_entries import CredentialEntries


def upload_origins(bucket: str | None, endpoint_url: str | None, entries: CredentialEntries) -> Sequence[str]:
    """Give the origins, for the `connect-src` of the console's page; none without a bucket.

    The forms are those of botocore's presigned posts: the regional host, the global one of us-east-1, and the path
    style of a bucket whose name has dots.

    Args:
        bucket: The bucket for uploads (`assets.bucket`).
        endpoint_url: An address that stands for all of AWS (`aws.endpointUrl`).
        entries: The credential entries, each with its regions.
    """
    if bucket is None:
        return ()
    if endpoint_url is not None:
        address = urlsplit(endpoint_url)
        return (f"{address.scheme}://{address.netloc}",)
    every = (*entries.assumed, *entries.stored, *entries.web_identity, *entries.ambient)
    regions = sorted({region for entry in every for region in entry.regions})
    return tuple(dict.fromkeys(origin for region in regions for origin in _origins(bucket, region)))


def _origins(bucket: str, region: str) -> Sequence[str]:
    suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
    prefix = "s3" if "." in bucket else f"{bucket}.s3"
    regional = f"https://{prefix}.{region}.{suffix}"
    return (f"https://{prefix}.{suffix}", regional) if region == "us-east-1" else (regional,)
