"""What the contract promises and the schema does not have yet, by the feature that will bring it.

A name is a type, or a type and a field. Whoever builds a feature takes its names off this list.
"""

from typing import Final

NOT_BUILT: Final = {
    "the registry's roots": """
        Query.registration Query.registrations RegistrationConnection RegistrationEdge RegistrationFilter
        Query.deployment Query.deployments DeploymentFilter
    """,
    "the audit trail": """
        Query.auditEvents AuditEvent AuditEventConnection AuditEventEdge AuditFilter AuditOutcome
    """,
    "subscriptions": """
        Subscription ImportRunChange JobChange RuntimeChange DeploymentChange
    """,
    "mutations of assets": """
        Mutation.putAsset PutAssetInput PutAssetPayload AssetContentInput
        Mutation.removeAsset RemoveAssetInput RemoveAssetPayload
        Mutation.createAssetUpload CreateAssetUploadInput CreateAssetUploadPayload AssetUpload FormField
    """,
    "mutations of jobs": """
        Mutation.createTrainingJob CreateTrainingJobInput CreateTrainingJobPayload ChannelInput NetworkInput
        Mutation.createTransformJob CreateTransformJobInput CreateTransformJobPayload
        Mutation.stopJob StopJobInput StopJobPayload
    """,
    "mutations of snapshots": """
        Mutation.createSnapshot CreateSnapshotInput CreateSnapshotPayload VariantInput ServerlessInput DataCaptureInput
        Mutation.updateSnapshot UpdateSnapshotInput UpdateSnapshotPayload
        Mutation.deleteSnapshot DeleteSnapshotInput DeleteSnapshotPayload
    """,
    "mutations of runtimes": """
        Mutation.createRuntime CreateRuntimeInput CreateRuntimePayload
        Mutation.updateRuntime UpdateRuntimeInput UpdateRuntimePayload
        Mutation.deleteRuntime DeleteRuntimeInput DeleteRuntimePayload
    """,
    "mutations of deployments": """
        Mutation.deploySnapshot DeploySnapshotInput DeploySnapshotPayload
        Mutation.approveDeployment ApproveDeploymentInput ApproveDeploymentPayload
        Mutation.rejectDeployment RejectDeploymentInput RejectDeploymentPayload
        Mutation.cancelDeployment CancelDeploymentInput CancelDeploymentPayload
        Mutation.retryDeployment RetryDeploymentInput RetryDeploymentPayload
    """,
    "inputs of several mutations": """
        TagInput KeyValueInput
    """,
}
