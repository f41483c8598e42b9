"""AssumeRole's parameters, parsed from the query protocol and checked as STS checks them."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from moto.core.exceptions import ServiceException
from moto.iam.models import iam_backends

from sandbox.service_errors import ServiceError

ROLE_ARN = re.compile(r"arn:aws[\w-]*:iam::\d{12}:role/.+")
SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}")
EXTERNAL_ID = re.compile(r"[\w+=,.@:/-]{2,1224}")
TAG_KEY = re.compile(r"[\w\s.:/=+@-]{1,128}")
TAG_VALUE = re.compile(r"[\w\s.:/=+@-]{0,256}")
MIN_SECONDS, MAX_SECONDS, DEFAULT_SECONDS = 900, 43_200, 3_600
MAX_POLICY_LENGTH, MAX_POLICY_ARNS, MAX_TAGS = 2_048, 10, 50


@dataclass(frozen=True)
class AssumeRoleRequest:
    """The parameters of AssumeRole.

    Attributes:
        role_arn: The role.
        name: The RoleSessionName.
        seconds: DurationSeconds.
        external_id: ExternalId; None for none.
        policies: The documents (JSON) of the session policies, inline and managed.
        tags: Session tags.
    """

    role_arn: str
    name: str
    seconds: int
    external_id: str | None
    policies: tuple[str, ...]
    tags: dict[str, str]


def parse(form: Mapping[str, str]) -> AssumeRoleRequest:
    """The parameters in a form of the query protocol.

    Raises:
        ServiceError: STS's refusal of a parameter.
    """
    name = _matched(form.get("RoleSessionName", ""), "roleSessionName", SESSION_NAME, "[\\w+=,.@-]*")
    role_arn = form.get("RoleArn", "")
    if not ROLE_ARN.fullmatch(role_arn):
        raise _refused(f"{role_arn} is invalid")
    external_id = form.get("ExternalId")
    if external_id is not None:
        _matched(external_id, "externalId", EXTERNAL_ID, "[\\w+=,.@:\\/-]*")
    return AssumeRoleRequest(
        role_arn, name, _seconds(form), external_id, _policies(form, role_arn.split(":")[4]), _tags(form)
    )


def role_id(role_arn: str, known: str | None = None) -> str:
    """The unique id of a role: the one that IAM knows, or else a stable one made of the ARN."""
    return _unique_id("AROA", role_arn, known)


def user_id(user_arn: str, known: str | None = None) -> str:
    """The unique id of a user: the one that IAM knows, or else a stable one made of the ARN."""
    return _unique_id("AIDA", user_arn, known)


def _unique_id(prefix: str, arn: str, known: str | None) -> str:
    if known is not None and known.startswith(prefix):
        return known
    source = known or arn
    return prefix + hashlib.sha256(source.encode()).hexdigest()[:17].upper()


def _seconds(form: Mapping[str, str]) -> int:
    text = form.get("DurationSeconds", str(DEFAULT_SECONDS))
    if not re.fullmatch(r"-?\d{1,18}", text, re.ASCII):
        raise ServiceError("MalformedInput", f"Invalid integer value '{text}' at 'durationSeconds'.")
    seconds = int(text)
    if not MIN_SECONDS <= seconds <= MAX_SECONDS:
        bound = ("greater", MIN_SECONDS) if seconds < MIN_SECONDS else ("less", MAX_SECONDS)
        raise _constraint(
            str(seconds), "durationSeconds", f"Member must have value {bound[0]} than or equal to {bound[1]}"
        )
    return seconds


def _policies(form: Mapping[str, str], account: str) -> tuple[str, ...]:
    inline = form.get("Policy")
    if inline is not None:
        if len(inline) > MAX_POLICY_LENGTH:
            rule = f"Member must have length less than or equal to {MAX_POLICY_LENGTH}"
            raise _constraint(inline, "policy", rule)
        _check_document(inline)
    arns = [form[f"PolicyArns.member.{i}.arn"] for i in _members(form, "PolicyArns", "arn")]
    if len(arns) > MAX_POLICY_ARNS:
        rule = f"Member must have length less than or equal to {MAX_POLICY_ARNS}"
        raise _constraint(f"{arns}", "policyArns", rule)
    managed = [_managed_policy(arn, account) for arn in arns]
    return tuple([inline] if inline else []) + tuple(managed)


def _managed_policy(arn: str, account: str) -> str:
    try:
        policy = iam_backends[account]["aws"].get_policy(arn)
    except ServiceException:
        raise _refused(f"The policy {arn} does not exist or is not attachable.") from None
    return next(str(version.document) for version in policy.versions if version.is_default)


def _check_document(policy: str) -> None:
    try:
        statements = json.loads(policy)["Statement"]
    except (ValueError, KeyError, TypeError):
        raise ServiceError("MalformedPolicyDocument", "This policy contains invalid Json") from None
    for statement in statements if isinstance(statements, list) else [statements]:
        if not isinstance(statement, dict) or statement.get("Effect") not in ("Allow", "Deny"):
            raise ServiceError("MalformedPolicyDocument", "Syntax errors in policy.")


def _tags(form: Mapping[str, str]) -> dict[str, str]:
    members = _members(form, "Tags", "Key")
    if len(members) > MAX_TAGS:
        raise _constraint(f"{len(members)} tags", "tags", f"Member must have length less than or equal to {MAX_TAGS}")
    tags: dict[str, str] = {}
    for i in members:
        at = f"tags.{i}.member"
        key = _matched(form[f"Tags.member.{i}.Key"], f"{at}.key", TAG_KEY, "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+")
        value = form.get(f"Tags.member.{i}.Value", "")
        _matched(value, f"{at}.value", TAG_VALUE, "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*")
        if key.lower().startswith("aws:"):
            raise ServiceError("InvalidParameterValue", "Tag keys that begin with aws: are reserved.")
        if key.lower() in (known.lower() for known in tags):
            raise ServiceError("InvalidParameterValue", "Duplicate tag keys found. Tag keys are case insensitive.")
        tags[key] = value
    return tags


def _members(form: Mapping[str, str], name: str, field: str) -> list[int]:
    pattern = re.compile(rf"{name}\.member\.(\d{{1,4}})\.{field}")
    return sorted(int(match[1]) for key in form if (match := pattern.fullmatch(key)))


def _matched(value: str, field: str, pattern: re.Pattern[str], shown: str) -> str:
    if not pattern.fullmatch(value):
        raise _constraint(value, field, f"Member must satisfy regular expression pattern: {shown}")
    return value


def _constraint(value: str, field: str, rule: str) -> ServiceError:
    return _refused(f"1 validation error detected: Value '{value}' at '{field}' failed to satisfy constraint: {rule}")


def _refused(message: str) -> ServiceError:
    return ServiceError("ValidationError", message)
