"""gateway.settings.fingerprint: what differs between two processes is told by block, and a secret by nothing."""

from typing import Any

from gateway.settings.fingerprint import settings_fingerprint
from gateway.settings.settings import from_mapping
from tests.gateway_client import RISK, assume_role_entry, credential_settings


def fingerprint(**blocks: Any) -> Any:
    return settings_fingerprint(from_mapping(blocks))


def test_the_same_settings_have_the_same_digests() -> None:
    blocks: dict[str, Any] = {**credential_settings(assume_role_entry(RISK)), "limits": {"depth": 5}}
    assert fingerprint(**blocks) == fingerprint(**blocks)
    assert fingerprint(**blocks).keys() == {"sagemaker-credentials", "limits"}


def test_a_block_that_differs_has_another_digest_and_the_others_keep_theirs() -> None:
    one = fingerprint(limits={"depth": 5}, sagemaker={"freshSeconds": 7})
    two = fingerprint(limits={"depth": 6}, sagemaker={"freshSeconds": 7})
    assert (one["limits"] != two["limits"], one["sagemaker"] == two["sagemaker"]) == (True, True)


def test_defaults_that_are_written_out_change_nothing() -> None:
    assert fingerprint(limits={"depth": 16}, introspection=True) == fingerprint() == {}


def test_a_secret_says_nothing_but_that_it_is_there() -> None:
    one, two = (
        fingerprint(**credential_settings(assume_role_entry(RISK, externalId=secret))) for secret in ("one-1", "two-2")
    )
    without = {key: value for key, value in assume_role_entry(RISK).items() if key != "externalId"}
    assert one == two != fingerprint(**credential_settings(without))


def test_what_each_process_has_for_itself_is_left_out() -> None:
    server = {"host": "0.0.0.0", "port": 9000, "workers": 2}
    assert fingerprint(server=server, database={"poolSize": 3}) == {}
