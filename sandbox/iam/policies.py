"""Policies: matching statements and decisions."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any

from sandbox.iam import conditions
from sandbox.iam.conditions import Context


class PolicyDecision(Enum):
    """The decision of several policies: a deny outweighs any allow."""

    ALLOWED = "allowed"
    DENIED = "with an explicit deny in an identity-based policy"
    SILENT = "because no identity-based policy allows the {action} action"


@dataclass(frozen=True)
class PolicyStatement:
    """One statement of a policy, its elements as lists.

    Attributes:
        allows: True for Effect Allow, False for Deny.
        actions: Patterns of Action in lower case.
        not_actions: Patterns of NotAction in lower case.
        resources: Patterns of Resource; empty for all, as in a trust policy.
        not_resources: Patterns of NotResource.
        principals: The element Principal as it is written; None in an identity-based policy.
        conditions: For each operator the expected values by condition key.
    """

    allows: bool
    actions: tuple[str, ...]
    not_actions: tuple[str, ...]
    resources: tuple[str, ...]
    not_resources: tuple[str, ...]
    principals: Any
    conditions: dict[str, dict[str, Any]]

    def matches(self, action: str, resource: str, context: Context) -> bool:
        """True if the statement applies to this action on this resource under these conditions."""
        return (
            self._matches_action(action.lower())
            and self._matches_resource(resource)
            and conditions.conditions_hold(self.conditions, context)
        )

    def matches_action(self, action: str) -> bool:
        """True if the statement names this action."""
        return self._matches_action(action.lower())

    def _matches_action(self, action: str) -> bool:
        if self.not_actions:
            return not any(fnmatchcase(action, pattern) for pattern in self.not_actions)
        return any(fnmatchcase(action, pattern) for pattern in self.actions)

    def _matches_resource(self, resource: str) -> bool:
        if self.not_resources:
            return not any(fnmatchcase(resource, pattern) for pattern in self.not_resources)
        return not self.resources or any(fnmatchcase(resource, pattern) for pattern in self.resources)


@lru_cache(maxsize=1024)
def statements(document: str) -> tuple[PolicyStatement, ...]:
    """The statements of a policy document (JSON)."""
    result = json.loads(document)["Statement"]
    return tuple(_statement(s) for s in (result if isinstance(result, list) else [result]))


def evaluate(documents: Iterable[str], action: str, resource: str, context: Context) -> PolicyDecision:
    """Decide on an action by several policies: a deny of any outweighs every allow.

    Args:
        documents: The policies (JSON).
        action: An action, such as ``sagemaker:CreateModel``.
        resource: The ARN, or ``*``.
        context: The request's condition keys, with their values.
    """
    answer = PolicyDecision.SILENT
    for document in documents:
        for statement in statements(document):
            if statement.matches(action, resource, context):
                if not statement.allows:
                    return PolicyDecision.DENIED
                answer = PolicyDecision.ALLOWED
    return answer


def trusts(document: str, action: str, principal: "TrustedPrincipal", context: Context) -> bool:
    """True if a role's trust policy (the document) lets this principal assume the role by the action."""
    met = [s for s in statements(document) if s.matches_action(action) and _is_trusted(s.principals, principal)]
    holding = [s for s in met if conditions.conditions_hold(s.conditions, context)]
    return bool(holding) and all(s.allows for s in holding)


@dataclass(frozen=True)
class TrustedPrincipal:
    """The caller of AssumeRole or AssumeRoleWithWebIdentity, as a trust policy names it.

    Attributes:
        arns: ARNs of a user, or of a session and its role.
        account: Account of the user or role.
        provider: ARN of the OIDC provider of a web identity; empty for a user or role.
    """

    arns: tuple[str, ...] = ()
    account: str = ""
    provider: str = ""


def _is_trusted(principals: Any, requester: TrustedPrincipal) -> bool:
    if principals == "*":
        return True
    if not isinstance(principals, dict):
        return False
    if requester.provider:
        return requester.provider in _listed(principals.get("Federated"))
    named = _listed(principals.get("AWS"))
    root = f"arn:aws:iam::{requester.account}:root"
    return any(name in ("*", requester.account, root) or name in requester.arns for name in named)


def _statement(element: dict[str, Any]) -> PolicyStatement:
    return PolicyStatement(
        allows=element["Effect"] == "Allow",
        actions=tuple(_pattern(a).lower() for a in _listed(element.get("Action"))),
        not_actions=tuple(_pattern(a).lower() for a in _listed(element.get("NotAction"))),
        resources=tuple(_pattern(r) for r in _listed(element.get("Resource"))),
        not_resources=tuple(_pattern(r) for r in _listed(element.get("NotResource"))),
        principals=element.get("Principal"),
        conditions=element.get("Condition", {}),
    )


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _pattern(text: str) -> str:
    return text.replace("[", "[[]")
