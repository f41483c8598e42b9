"""GraphiQL's tabs under the demo: the worked examples with names and ids of its estate."""

from dataclasses import dataclass, replace
from typing import Final

from aws.kinds.kind import Kind
from gateway.commands.demo_approval import APPROVER_HEADERS
from gateway.commands.demo_assets import demo_assets
from gateway.explorer.examples import EXAMPLES, ONE_THING, Example
from gateway.explorer.mutation_examples import APPROVE, DEPLOYMENTS, IMPORT, MISSING, PUT_ASSETS, REHEARSAL
from resolvers.node_ids import NodeId
from sandbox.estate import Estate

# Who opens the explorer under the demo: somebody in both groups, so that both accounts can be looked at.
DEMO_HEADERS: Final = {"X-Forwarded-User": "demo", "X-Forwarded-Groups": "risk,marketing", "X-Acting-Group": "risk"}
# A model for each state: one that the tour takes to its approval, one that waits for assets, one that is not imported.
APPROVED_MODEL: Final = "ifrs9-macro-scenarios"
WAITING_MODEL: Final = "CreditLimit-Advisor"
IMPORTED_MODEL: Final = "credit-risk-scorer-v7"


@dataclass(frozen=True, slots=True)
class DemoIds:
    """The ids that the tour has made.

    Attributes:
        deployment: The deployment that awaits approval.
        waiting_registration: The registration whose deployment waits for assets.
    """

    deployment: str
    waiting_registration: str


def demo_examples(estate: Estate, newest: str, ids: DemoIds | None, *, approves: bool) -> list[Example]:
    """The worked examples; those that need ids of the tour come once it has made them.

    Args:
        estate: The estate.
        newest: The name of a model.
        ids: The ids that the tour has made; None before it.
        approves: Whether the gateway itself approves; Jira's approval has no mutation.
    """
    group = estate.risk
    node = NodeId(Kind.MODEL, group.name, group.account, group.region, newest).encode()
    always = [
        *(replace(ONE_THING, variables={"id": node}) if example is ONE_THING else example for example in EXAMPLES),
        replace(IMPORT, variables={"model": IMPORTED_MODEL}),
    ]
    if ids is None:
        return [*always, DEPLOYMENTS]
    assets = {"registrationId": ids.waiting_registration, "assets": demo_assets(group, WAITING_MODEL)}
    return [
        *always,
        replace(MISSING, variables={"id": ids.waiting_registration}),
        replace(PUT_ASSETS, variables={"input": assets}),
        DEPLOYMENTS,
        replace(REHEARSAL, variables={"id": ids.deployment}),
        *([replace(APPROVE, variables={"id": ids.deployment}, headers=APPROVER_HEADERS)] if approves else []),
    ]
