"""Names of things: ids, ARNs, S3 addresses and console pages, made from one another without a call."""

import base64
import binascii
import re
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from aws.kinds import API_NAMES, Kind

# SageMaker's own rule for the names of all five kinds; its pattern alone would let any number of hyphens pass.
NAME_PATTERN = re.compile(r"(?=.{1,63}\Z)[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
# What the list operations take as NameContains.
NAME_PART_PATTERN = re.compile(r"[a-zA-Z0-9-]{1,63}")
# The European Sovereign Cloud's regions begin with four letters (eusc-de-east-1).
REGION_PATTERN = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}")
ACCOUNT_PATTERN = re.compile(r"[0-9]{12}")

# The console's host of each partition that has a public one. Other partitions' consoles are not documented.
_CONSOLE_HOSTS = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}
_VIRTUAL_HOST = re.compile(r"(?P<bucket>.+)\.s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com(?:\.cn)?")
_PATH_HOST = re.compile(r"s3[.-](?:[a-z0-9-]+\.)*amazonaws\.com(?:\.cn)?")


class MalformedIdError(ValueError):
    """An id that this gateway never gave out."""


class MalformedS3UriError(ValueError):
    """An address that is none of S3's."""


@dataclass(frozen=True, slots=True)
class ResourceId:
    """What an id says: a kind, where it lives, and its name as spelled (never the ARN, whose case varies)."""

    kind: Kind
    account_id: str
    region: str
    name: str


def encode_id(kind: Kind, account_id: str, region: str, name: str) -> str:
    """The opaque id of a resource; the same for everyone who can see it."""
    plain = f"{kind.value}:{account_id}:{region}:{name}"
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def decode_id(encoded: str) -> ResourceId:
    """What an id says. Raises MalformedIdError for anything that `encode_id` does not give."""
    try:
        plain = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True).decode()
        kind, account_id, region, name = plain.split(":")
        decoded = ResourceId(Kind(kind), account_id, region, name)
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise MalformedIdError("This is not an id that SageGraph has given out.") from error
    shaped = ACCOUNT_PATTERN.fullmatch(account_id) and REGION_PATTERN.fullmatch(region) and NAME_PATTERN.fullmatch(name)
    if not shaped or encode_id(decoded.kind, account_id, region, name) != encoded:
        raise MalformedIdError("This is not an id that SageGraph has given out.")
    return decoded


def split_arn(arn: str) -> tuple[str, str, str]:
    """An ARN's partition, region and account; empty strings for what it has not."""
    parts = arn.split(":", 5)
    return (parts[1], parts[3], parts[4]) if len(parts) == 6 else ("", "", "")


def console_url(kind: Kind, arn: str, region: str, name: str) -> str | None:
    """The resource's console page, in its ARN's own partition; None where that partition has no public console."""
    host = _CONSOLE_HOSTS.get(arn.split(":", 2)[1] if arn.count(":") >= 2 else "")
    if host is None:
        return None
    return f"https://{host}/sagemaker/home?region={region}#/{API_NAMES[kind].console_path}/{quote(name)}"


def s3_uri(address: str) -> str:
    """An artifact's address in its `s3://` spelling: SageMaker also takes `https://` ones, of either style."""
    if not address.startswith("https://"):
        return address
    try:
        parts = urlsplit(address)
    except ValueError:
        # SageMaker's pattern lets pass what is no address, such as an unclosed bracket.
        return address
    host, path = parts.hostname or "", unquote(parts.path)
    if match := _VIRTUAL_HOST.fullmatch(host):
        return f"s3://{match['bucket']}{path}"
    if _PATH_HOST.fullmatch(host):
        return f"s3:/{path}"
    return address


def split_s3_uri(address: str) -> tuple[str, str]:
    """The bucket and the key, which may be empty, of an address in any of S3's spellings.

    Raises:
        MalformedAddressError: It has no bucket, or is another service's.
    """
    scheme, _, rest = s3_uri(address).partition("://")
    bucket, _, key = rest.partition("/")
    if scheme != "s3" or not bucket:
        raise MalformedS3UriError(f"`{address}` is no address in S3; those begin with s3:// and a bucket.")
    return bucket, key
