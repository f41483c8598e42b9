"""gateway.console.upload_origins: those that botocore's presigned posts have, and no others."""

from collections.abc import Sequence
from urllib.parse import urlsplit

import botocore.session
import pytest
from botocore.config import Config

from auth.credential_entries import CredentialEntries, StoredKeys
from gateway.console.upload_origins import upload_origins


def entries(*regions: str) -> CredentialEntries:
    keys = StoredKeys(
        key="k", group="risk", region=regions[0], regions=regions, access_key_id="a", secret_access_key="b"
    )
    return CredentialEntries(stored=(keys,))


@pytest.mark.parametrize("bucket", ["files", "files.example"])
@pytest.mark.parametrize("region", ["eu-west-1", "us-east-1", "cn-north-1", "us-gov-west-1"])
def test_the_form_of_every_region_is_among_them(bucket: str, region: str) -> None:
    client = botocore.session.get_session().create_client(
        "s3",
        region_name=region,
        aws_access_key_id="a",
        aws_secret_access_key="b",
        config=Config(signature_version="s3v4", s3={"addressing_style": "virtual"}),
    )
    form = urlsplit(client.generate_presigned_post(Bucket=bucket, Key="k")["url"])
    assert f"{form.scheme}://{form.netloc}" in upload_origins(bucket, None, entries(region, "ap-south-1"))


@pytest.mark.parametrize(
    ("bucket", "endpoint", "origins"),
    [
        (None, None, []),
        (None, "http://127.0.0.1:4566", []),
        ("files", "http://127.0.0.1:4566/aws", ["http://127.0.0.1:4566"]),
        ("files", None, ["https://files.s3.ap-south-1.amazonaws.com", "https://files.s3.eu-west-1.amazonaws.com"]),
    ],
)
def test_there_are_no_others(bucket: str | None, endpoint: str | None, origins: Sequence[str]) -> None:
    assert list(upload_origins(bucket, endpoint, entries("eu-west-1", "ap-south-1"))) == origins
