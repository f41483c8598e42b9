"""One record of each kind, every field filled, for the tests that show records."""

from datetime import UTC, datetime

from registry import deployment_records, records
from registry.enums import (
    AssetRole,
    DecisionOutcome,
    DeploymentState,
    DeploymentStepName,
    DeploymentTrigger,
    ElementKind,
    StepState,
    TicketKind,
)

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TUESDAY = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
ARN = "arn:aws:sagemaker:us-east-2:111111111111:model/churn"

ASSET = records.Asset(
    id="asset-1",
    registration_id="registration-1",
    role=AssetRole.TEST_DATA,
    name="march.csv",
    s3_uri="s3://example-assets/march.csv",
    content=None,
    content_type="text/csv",
    size_bytes=5_000_000_000,
    added_by="ada",
    added_at=MONDAY,
)
REGISTRATION = records.Registration(
    id="registration-1",
    display_name="Churn",
    description="Who will leave",
    group="risk",
    model_name="churn",
    model_arn=ARN,
    model_created_at=MONDAY,
    account_id="111111111111",
    region="us-east-2",
    imported_by="ada",
    imported_at=MONDAY,
    last_synced_at=TUESDAY,
    custom_metadata={"owner": {"team": "retention"}, "tier": 2},
    assets=(ASSET,),
    required_assets=(records.AssetRequirement(AssetRole.SCHEMA, present=False),),
)
ELEMENT = records.ImportedElement(
    id="element-1",
    registration_id="registration-1",
    kind=ElementKind.TRAINING_JOB,
    name="churn-train",
    arn="arn:aws:sagemaker:us-east-2:111111111111:training-job/churn-train",
    created_at=MONDAY,
    match="EXACT_ARTIFACT",
    first_seen_at=MONDAY,
    last_seen_at=MONDAY,
    vanished_at=TUESDAY,
    stored={"TrainingJobName": "churn-train"},
)
TEST_RESULT = deployment_records.TestResult(
    id="result-1",
    home=deployment_records.DeploymentScope("risk", "111111111111", "us-east-2"),
    at=TUESDAY,
    passed=False,
    job_name="rehearsal-1",
    output_s3_uri="s3://example-rehearsals/1/",
    checks=(deployment_records.TestCheck("rows", passed=False, expected="100", actual="99"),),
)
DEPLOYMENT = deployment_records.Deployment(
    id="deployment-1",
    state=DeploymentState.FAILED,
    trigger=DeploymentTrigger.NEW_SNAPSHOT,
    group="risk",
    account_id="111111111111",
    region="us-east-2",
    registration_ids=("registration-1",),
    snapshot_name="churn-3",
    snapshot_created_at=MONDAY,
    runtime_name="churn-live",
    reason="The rehearsal gave 99 rows instead of 100; correct the model and retry.",
    steps=(
        deployment_records.DeploymentStep(
            home=deployment_records.DeploymentScope("risk", "111111111111", "us-east-2"),
            name=DeploymentStepName.REHEARSE,
            state=StepState.FAILED,
            started_at=MONDAY,
            ended_at=TUESDAY,
            detail="A check failed",
            job_name="rehearsal-1",
        ),
    ),
    tickets=(
        deployment_records.Ticket(
            "MLOPS-7", "https://jira.example.com/browse/MLOPS-7", "To Do", TicketKind.NOTIFICATION
        ),
    ),
    decision=deployment_records.DeploymentDecision(DecisionOutcome.REJECTED, "grace", TUESDAY, "Not yet"),
    test_result=TEST_RESULT,
    started_by="ada",
    started_at=MONDAY,
    ended_at=TUESDAY,
)
