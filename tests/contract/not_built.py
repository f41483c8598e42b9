"""What the contract promises and the schema does not have yet, by the feature that will bring it.

A name is a type, or a type and a field. Whoever builds a feature takes its names off this list.
"""

from typing import Final

NOT_BUILT: Final = {
    "the registry's roots": """
        Query.registration Query.registrations RegistrationConnection RegistrationEdge RegistrationFilter
        Query.deployment Query.deployments DeploymentFilter
    """,
    "imports": """
        Query.importPlan ImportPlanInput ImportPlan PlannedElement PlannedElementConnection PlannedElementEdge
        ElementChange ImportProblem ImportRun ImportRunState
    """,
    "the audit trail": """
        Query.auditEvents AuditEvent AuditEventConnection AuditEventEdge AuditFilter AuditOutcome
    """,
    "subscriptions": """
        Subscription ImportRunChange JobChange RuntimeChange DeploymentChange
    """,
    "mutations": """
        Mutation UserError UserErrorCode
    """,
    "mutations of registrations": """
        ImportModelInput ImportModelPayload EnteredCredentialsInput
        SyncRegistrationInput SyncRegistrationPayload
        UpdateRegistrationInput UpdateRegistrationPayload
        RemoveRegistrationInput RemoveRegistrationPayload
    """,
    "mutations of assets": """
        PutAssetInput PutAssetPayload AssetContentInput
        RemoveAssetInput RemoveAssetPayload
        CreateAssetUploadInput CreateAssetUploadPayload AssetUpload FormField
    """,
    "mutations of jobs": """
        CreateTrainingJobInput CreateTrainingJobPayload ChannelInput NetworkInput
        CreateTransformJobInput CreateTransformJobPayload
        StopJobInput StopJobPayload
    """,
    "mutations of snapshots": """
        CreateSnapshotInput CreateSnapshotPayload VariantInput ServerlessInput DataCaptureInput
        UpdateSnapshotInput UpdateSnapshotPayload
        DeleteSnapshotInput DeleteSnapshotPayload
    """,
    "mutations of runtimes": """
        CreateRuntimeInput CreateRuntimePayload
        UpdateRuntimeInput UpdateRuntimePayload
        DeleteRuntimeInput DeleteRuntimePayload
    """,
    "mutations of deployments": """
        DeploySnapshotInput DeploySnapshotPayload
        ApproveDeploymentInput ApproveDeploymentPayload
        RejectDeploymentInput RejectDeploymentPayload
        CancelDeploymentInput CancelDeploymentPayload
        RetryDeploymentInput RetryDeploymentPayload
    """,
    "inputs of several mutations": """
        TagInput KeyValueInput
    """,
}
