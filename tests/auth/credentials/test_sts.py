"""Asking STS."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from auth.credentials.aws_keys import AwsKeys
from auth.credentials.signing import SigningCredentials
from auth.credentials.sts import StsClient, StsRequest
from auth.errors import CredentialsExpiredError, CredentialsUnavailableError, RoleRefusedError
from tests.auth.fake_sts import REQUEST_ID, Answer, FakeSTS, cut, drop, fault, garble
from tests.recording_observer import RecordingObserver

ROLE = "arn:aws:iam::222222222222:role/risk"


def question(**arguments: Any) -> StsRequest:
    sent = {"RoleArn": ROLE, "RoleSessionName": "alice", **arguments}
    return StsRequest(
        operation="AssumeRole", credentials_name=f"the role {ROLE}", role=ROLE, region="eu-west-1", arguments=sent
    )


async def keys() -> AwsKeys:
    return AwsKeys("AKIABASE", "base-secret", "base-token")


BASE = SigningCredentials(keys)


@pytest.fixture
async def asking(loader: Any, sts: FakeSTS) -> AsyncIterator[StsClient]:
    asking = StsClient(sts.url, loader)
    yield asking
    await asking.close()


async def test_the_answer(asking: StsClient, sts: FakeSTS) -> None:
    answer: Mapping[str, Any] = await asking.call(question(), BASE)
    assert answer["Credentials"]["AccessKeyId"] == "ASIA1"
    assert [(call.operation, call.access_key, call.token) for call in sts.calls] == [
        ("AssumeRole", "AKIABASE", "base-token")
    ]


async def test_without_a_signer_nothing_is_signed(asking: StsClient, sts: FakeSTS) -> None:
    await asking.call(question())
    assert [(call.access_key, call.token) for call in sts.calls] == [(None, None)]


@pytest.mark.parametrize(
    "failure",
    [drop, cut, fault("InternalFailure", 500), fault("Throttling", 400), garble("<Assume"), fault("503", 503)],
)
async def test_what_can_heal_is_tried_once_more(asking: StsClient, sts: FakeSTS, failure: Answer) -> None:
    sts.script.append(failure)
    answer = await asking.call(question(), BASE)
    assert answer["Credentials"]["AccessKeyId"] == "ASIA2"
    assert len(sts.calls) == 2


@pytest.mark.parametrize("failure", [drop, cut, fault("InternalFailure", 500), garble("<Assume secret='hush'")])
async def test_what_does_not_heal_is_unavailable(asking: StsClient, sts: FakeSTS, failure: Answer) -> None:
    sts.script.extend([failure] * 3)
    with pytest.raises(CredentialsUnavailableError, match="AssumeRole for the role") as failed:
        await asking.call(question(), BASE)
    assert len(sts.calls) == 2
    assert failed.value.role == ROLE
    assert "hush" not in f"{failed.value}{failed.value.__cause__}"


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("AccessDenied", RoleRefusedError),
        ("ExpiredToken", CredentialsExpiredError),
        ("InvalidClientTokenId", CredentialsExpiredError),
    ],
)
async def test_what_cannot_heal_is_not_tried_again(
    asking: StsClient, sts: FakeSTS, code: str, kind: type[Exception]
) -> None:
    sts.script.append(fault(code, message="hush"))
    with pytest.raises(kind) as failed:
        await asking.call(question(), BASE)
    assert len(sts.calls) == 1
    assert getattr(failed.value, "request_id", None) == REQUEST_ID
    assert "hush" not in str(failed.value)


async def test_the_words_of_a_wrong_signature_are_dropped_altogether(asking: StsClient, sts: FakeSTS) -> None:
    sts.script.append(fault("SignatureDoesNotMatch", message="x-amz-security-token:base-token"))
    with pytest.raises(CredentialsExpiredError) as failed:
        await asking.call(question(), BASE)
    assert failed.value.__cause__ is None
    assert failed.value.__suppress_context__


async def test_nobody_there(loader: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    asking = StsClient(f"http://127.0.0.1:{port}", loader)
    with pytest.raises(CredentialsUnavailableError, match="EndpointConnectionError"):
        await asking.call(question(), BASE)
    await asking.close()


async def test_an_answer_that_does_not_come(asking: StsClient, sts: FakeSTS, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auth.credentials.sts.READ_TIMEOUT_SECONDS", 0.05)
    sts.hold()
    with pytest.raises(CredentialsUnavailableError, match="ReadTimeoutError"):
        await asking.call(question(), BASE)
    assert len(sts.calls) == 2


async def test_what_botocore_would_not_send_is_the_settings_fault(asking: StsClient, sts: FakeSTS) -> None:
    with pytest.raises(RoleRefusedError, match="ParamValidationError"):
        await asking.call(question(RoleSessionName=7), BASE)
    assert sts.calls == []


async def test_a_signer_without_keys_is_asked_once_and_nothing_is_sent(asking: StsClient, sts: FakeSTS) -> None:
    asked: list[None] = []

    async def none() -> AwsKeys:
        asked.append(None)
        raise CredentialsUnavailableError("no keys")

    with pytest.raises(CredentialsUnavailableError, match="no keys"):
        await asking.call(question(), SigningCredentials(none))
    assert len(asked) == 1
    assert sts.calls == []


async def test_one_client_for_each_region_and_signer(asking: StsClient) -> None:
    other = SigningCredentials(keys)
    for signer in (BASE, BASE, other, None):
        await asyncio.gather(*(asking.call(question(), signer) for _ in range(3)))
    assert len(asking._clients) == 3


def test_arguments_are_not_shown() -> None:
    assert "alice" not in repr(question())


async def test_each_try_is_observed(loader: Any, sts: FakeSTS) -> None:
    observer = RecordingObserver()
    asking = StsClient(sts.url, loader, observer)
    sts.script += [drop, fault("AccessDenied", 403)]
    with pytest.raises(RoleRefusedError):
        await asking.call(question(), BASE)
    await asking.call(question(), BASE)
    assert observer.calls == [("AssumeRole", code) for code in ("UPSTREAM_UNAVAILABLE", "FORBIDDEN", "OK")]
    await asking.close()
