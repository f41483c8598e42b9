"""gateway.settings.values: models, values and their faults."""

from collections.abc import Callable
from ipaddress import ip_network
from typing import Any

import pytest
from pydantic import SecretStr, TypeAdapter

from gateway.settings import values
from gateway.settings.errors import InvalidValueError
from gateway.settings.model import ValueType


def is_refused(reader: Callable[[Any], object], written: object) -> bool:
    """Whether a reader refuses what is written in the one way that it may."""
    try:
        reader(written)
    except ValueError:
        return True
    return False


@pytest.mark.parametrize("written", ["a", "data science", "Gruppe-ä", "{b: c}", "no"])
def test_text_is_kept_as_it_is(written: str) -> None:
    assert values.text(written) == written


@pytest.mark.parametrize("written", [" a", "a ", "a\n", "a\tb", "a\u200bb", "a\u2028b", 5, True, ["a"], {"a": "b"}])
def test_text_refuses_stray_space_controls_and_what_is_no_text(written: object) -> None:
    with pytest.raises(InvalidValueError):
        values.text(written)


def test_a_separator_may_be_white_space() -> None:
    assert values.printable("; ") == "; "


def test_a_secret_hides_itself() -> None:
    secret = values.secret("geheim")
    assert secret.get_secret_value() == "geheim"
    assert "geheim" not in f"{secret} {secret!r}"


@pytest.mark.parametrize(("written", "value"), [("8000", 8000), ("0", 0), (5, 5), ("007", 7), ("10", 10)])
def test_whole_numbers(written: object, value: int) -> None:
    assert values.whole_number(0, 8000)(written) == value


@pytest.mark.parametrize(
    "written", ["-1", "8001", "1.0", "1e3", "1_0", "0x1", "٣", " 1", "", True, 1.0, None, "9" * 16, 8001]
)
def test_what_is_no_whole_number_within_the_bounds(written: object) -> None:
    assert is_refused(values.whole_number(0, 8000), written)


@pytest.mark.parametrize(("written", "value"), [("5", 5.0), ("0.5", 0.5), (5, 5.0), (0.25, 0.25)])
def test_seconds(written: object, value: float) -> None:
    assert values.seconds(written) == value


@pytest.mark.parametrize(
    "written", ["0", "0.0", "-1", "1:30", "5s", "inf", "nan", "1e3", 0, -1, float("inf"), float("nan"), True, None]
)
def test_what_is_no_length_of_time(written: object) -> None:
    assert is_refused(values.seconds, written)


@pytest.mark.parametrize(
    ("written", "value"),
    [("on", True), ("true", True), ("On", True), (True, True), ("off", False), ("FALSE", False), (False, False)],
)
def test_switches(written: object, value: bool) -> None:
    assert values.switch(written) is value


@pytest.mark.parametrize("written", ["yes", "no", "1", "0", 1, 0, "", None, ["on"]])
def test_what_is_no_switch(written: object) -> None:
    assert is_refused(values.switch, written)


@pytest.mark.parametrize(
    "written", ["https://a.example", "http://127.0.0.1:4566", "https://a.example/x?y=z", "http://[::1]:1/"]
)
def test_addresses(written: str) -> None:
    assert values.url(written) == written


@pytest.mark.parametrize(
    "written",
    [
        "a.example",
        "ftp://a.example",
        "https://",
        "https://a.example:99999",
        "https://a.example:0",
        "https://a example",
        "https://[::1",
    ],
)
def test_what_is_no_address(written: str) -> None:
    assert is_refused(values.url, written)


@pytest.mark.parametrize("written", ["https://user:geheim@a.example", "https://geheim@a.example"])
def test_credentials_in_an_address_are_refused_unseen(written: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        values.url(written)
    assert str(caught.value) == "holds a user or password; remove them from the address"


@pytest.mark.parametrize(
    "written",
    [
        "https://idp.example/keys",
        "http://127.0.0.1:8080/keys",
        "http://localhost/keys",
        "http://10.1.2.3/keys",
        "http://[fd00::1]/keys",
        "http://keycloak:8080/keys",
        "http://keycloak.identity.svc/keys",
        "http://keycloak.identity.svc.cluster.local/keys",
    ],
)
def test_addresses_of_keys(written: str) -> None:
    assert values.key_url(written) == written


@pytest.mark.parametrize("written", ["http://idp.example/keys", "http://8.8.8.8/keys", "http://svc.example/keys"])
def test_keys_over_plain_http_are_refused(written: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        values.key_url(written)
    assert str(caught.value) == "is plain HTTP, over which keys can be replaced; write https"


@pytest.mark.parametrize("written", ["10.0.0.0/8", "127.0.0.1", "::1", "fd00::/8", "0.0.0.0/0"])
def test_networks(written: str) -> None:
    assert values.network(written) == ip_network(written)
    assert values.network(ip_network(written)) == ip_network(written)


@pytest.mark.parametrize("written", ["10.0.0.1/8", "10.0.0/8", "localhost", "10.0.0.0/33", "", "fd00::1/8", 5])
def test_what_is_no_network(written: object) -> None:
    assert is_refused(values.network, written)


@pytest.mark.parametrize("written", ["X-Forwarded-User", "authorization", "x.y!#$%&'*+^`|~0"])
def test_header_names(written: str) -> None:
    assert values.header_name(written) == written


@pytest.mark.parametrize("written", ["X User", "X:User", "X_User", "X-Üser", "", "X/User", "(x)", 5])
def test_what_is_no_header_name(written: object) -> None:
    assert is_refused(values.header_name, written)


def test_an_absolute_path() -> None:
    assert values.absolute_path("/var/run/token") == "/var/run/token"


@pytest.mark.parametrize("written", ["token", "./token", "~/token"])
def test_what_is_no_absolute_path(written: str) -> None:
    assert is_refused(values.absolute_path, written)


@pytest.mark.parametrize("reader", [values.matching("a+"), values.one_of("a", "aa")])
def test_words_and_patterns_match_as_a_whole(reader: Callable[[Any], str]) -> None:
    assert reader("aa") == "aa"
    for written in ("ab", "A", "a\n"):
        assert is_refused(reader, written)


def test_given_refuses_only_none() -> None:
    assert values.not_empty("") == ""
    with pytest.raises(InvalidValueError):
        values.not_empty(None)


def check(kind: Any, written: object) -> object:
    """What a kind of value makes of what is written."""
    takes = next(known for known in kind.__metadata__ if isinstance(known, ValueType))
    return takes.validate(written)


RIGHT = {
    "Region": ["us-east-2", "us-gov-west-1", "cn-northwest-1", "us-isob-east-1", "eusc-de-east-1", "ap-southeast-11"],
    "RoleArn": [
        "arn:aws:iam::111111111111:role/gateway",
        "arn:aws-cn:iam::000000000001:role/a/b/risk+1=,.@-_",
        "arn:aws-us-gov:iam::111111111111:role/aws-reserved/sso.amazonaws.com/x",
    ],
    "LoadBalancerArn": ["arn:aws:elasticloadbalancing:us-east-2:111111111111:loadbalancer/app/gateway/50dc6c49"],
    "InstanceType": ["ml.m5.large", "ml.p4d.24xlarge", "ml.inf2.48xlarge", "ml.c6gn.medium"],
    "Bucket": ["abc", "example-model.assets"],
    "S3Uri": ["s3://bucket", "s3://bucket/", "s3://bucket/a/b c/"],
    "Group": ["risk", "*risk", "CN=risk,OU=groups", "no"],
    "GroupOrEveryone": ["risk", "*"],
    "Separator": [",", "|", " ", "; "],
}
WRONG = {
    "Region": ["us-east", "useast2", "US-EAST-2", "us-east-2a", "us-east-2\n", "us_east_2"],
    "RoleArn": [
        "arn:aws:iam::11111111111:role/gateway",
        "arn:aws:iam::1111111111111:role/gateway",
        "arn:aws-xx:iam::111111111111:role/gateway",
        "arn:aws:iam::111111111111:user/gateway",
        "arn:aws:iam::111111111111:role/",
        "arn:aws:iam::111111111111:role/a b",
        "arn:aws:iam:us-east-2:111111111111:role/gateway",
        f"arn:aws:iam::111111111111:role/{'a' * 65}",
        "arn:aws:sts::111111111111:assumed-role/gateway/x",
    ],
    "LoadBalancerArn": ["arn:aws:elasticloadbalancing:us-east-2:111111111111:loadbalancer/net/gateway/50dc6c49"],
    "InstanceType": ["m5.large", "ml.m5", "ml.m5.*", "ml.M5.large"],
    "Bucket": ["ab", "s3://bucket", "Bucket", "bucket/"],
    "S3Uri": ["bucket/a", "s3:/bucket", "s3://", "https://bucket.s3.amazonaws.com/", "s3://Bucket/"],
    "Group": ["*", "", " risk"],
    "GroupOrEveryone": ["", "* "],
    "Separator": ["", "\n"],
}


@pytest.mark.parametrize(("kind", "written"), [(kind, written) for kind, all_ in RIGHT.items() for written in all_])
def test_what_is_taken(kind: str, written: str) -> None:
    assert check(getattr(values, kind), written) == written


@pytest.mark.parametrize(("kind", "written"), [(kind, written) for kind, all_ in WRONG.items() for written in all_])
def test_what_is_not_taken(kind: str, written: str) -> None:
    with pytest.raises(InvalidValueError):
        check(getattr(values, kind), written)


@pytest.mark.parametrize(
    "written",
    [
        "sqlite+aiosqlite:///var/sagegraph.db",
        "sqlite+aiosqlite:////var/lib/sagegraph.db",
        "sqlite+aiosqlite:///:memory:",
        "postgresql+psycopg://user:geheim@host:5432/name?sslmode=require",
        "postgresql+psycopg:///name",
    ],
)
def test_databases_that_are_taken(written: str) -> None:
    assert check(values.DatabaseUrl, written) == SecretStr(written)


@pytest.mark.parametrize(
    "written",
    [
        "sqlite:///x.db",
        "sqlite+aiosqlite://x.db",
        "sqlite+aiosqlite:///",
        "postgresql://u:geheim@h/n",
        "mysql://h/n",
        "postgresql+psycopg://",
    ],
)
def test_databases_that_are_not_taken(written: str) -> None:
    with pytest.raises(InvalidValueError, match=r"is not valid; expected sqlite\+aiosqlite:///FILE or") as caught:
        check(values.DatabaseUrl, written)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("written", ["ab", "a" * 1224, "+=,.@:/-_"])
def test_external_ids_that_are_taken(written: str) -> None:
    assert check(values.ExternalId, written) == SecretStr(written)


@pytest.mark.parametrize("written", ["a", "a b", "a" * 1225])
def test_external_ids_that_are_not_taken(written: str) -> None:
    with pytest.raises(InvalidValueError):
        check(values.ExternalId, written)


@pytest.mark.parametrize("written", [None, ""])
def test_an_empty_value_is_called_so(written: str | None) -> None:
    with pytest.raises(InvalidValueError) as caught:
        check(values.Secret, written)
    assert str(caught.value) == "is empty; expected the secret, best as ${VARIABLE}"


def test_what_a_library_says_of_a_value_goes_no_further() -> None:
    with pytest.raises(InvalidValueError) as caught:
        check(values.TrustedNetwork, "geheim")
    assert str(caught.value) == "is not valid; expected a network such as 10.0.0.0/8, with no bit set after the prefix"
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_pydantic_asks_the_reader() -> None:
    assert TypeAdapter(values.Port).validate_python("8000") == 8000


@pytest.mark.parametrize(
    ("written", "size"),
    [("512MiB", 512 * 2**20), ("2 GiB", 2 * 2**30), ("2048KiB", 2 * 2**20), (2**20, 2**20), ("1048576", 2**20)],
)
def test_a_size_is_a_number_of_bytes(written: object, size: int) -> None:
    assert values.byte_size(written) == size


@pytest.mark.parametrize("written", ["512MB", "512 mib", "0.5GiB", "-1MiB", "", None, True, 0, 2**20 - 1, "1KiB"])
def test_a_size_refuses_other_units_and_what_is_too_small(written: object) -> None:
    assert is_refused(values.byte_size, written)
