/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** AWS keys for this request alone: never stored, logged or returned. Send them in variables only */
export type EnteredCredentialsInput = {
  /** The id of the keys */
  accessKeyId: string;
  /** The region if the import names none */
  region?: string | null | undefined;
  /** The secret of the keys */
  secretAccessKey: string;
  /** The session token; temporary keys need it */
  sessionToken?: string | null | undefined;
};

/** The model to import, and options of the import */
export type ImportModelInput = {
  /** True to make a snapshot if the model has none; left out:  */
  createDefaultSnapshot?: boolean | null | undefined;
  /** AWS keys for this request alone, if the settings allow them; later syncs use the group's role */
  credentials?: EnteredCredentialsInput | null | undefined;
  /** A JSON object to keep with the registration, at most 64 kB and ten levels deep */
  customMetadata?: unknown;
  /** A description for people; left out: none */
  description?: string | null | undefined;
  /** The name shown to people; left out: the model's own name */
  displayName?: string | null | undefined;
  /** True to return the plan only */
  dryRun?: boolean | null | undefined;
  /** The group that imports the model; left out: the acting group */
  group?: string | null | undefined;
  /** The model's name */
  modelName: string;
  /** The region, one of the regions of the group's role; left out: the role's default  */
  region?: string | null | undefined;
  /** True to start deployments of the model's snapshots that do not run; left out:  */
  startDeployments?: boolean | null | undefined;
};

/** The state of an import or sync */
export type ImportRunState =
  /** Ended; `problems` lists the elements that could not be imported */
  | 'DONE'
  /** Ended without a result; see `phase` */
  | 'FAILED'
  /** Under way */
  | 'RUNNING'
  | '%future added value';

/** The status of a job, in SageMaker's terms */
export type JobStatus =
  /** Ended with success */
  | 'COMPLETED'
  /** Being deleted; training and tuning jobs only */
  | 'DELETING'
  /** Failed; see `failureReason` */
  | 'FAILED'
  /** Running, or waiting to run */
  | 'IN_PROGRESS'
  /** Stopped before its end */
  | 'STOPPED'
  /** Being stopped */
  | 'STOPPING'
  /** A status that SageMaker added later; see `rawStatus` */
  | 'UNKNOWN'
  | '%future added value';

/** The reason for which a job belongs to a model */
export type MatchReason =
  /** The job wrote below an address that the model loads from, or is a processing job that reads the folder of the model's artifact */
  | 'ARTIFACT_PREFIX'
  /** The job wrote an artifact that the model loads, or is a processing job that reads it */
  | 'EXACT_ARTIFACT'
  /** A person of the group linked the job by hand; see `linkedBy` */
  | 'LINKED'
  /** The job names the model */
  | 'MODEL_NAME'
  /** The job wrote a model package that the model comes from, or the package's artifact */
  | 'MODEL_PACKAGE'
  /** The job (processing, tuning) is a step of the pipeline execution that trained or registered the model */
  | 'PIPELINE'
  | '%future added value';

/** The status of a runtime, in SageMaker's terms */
export type RuntimeStatus =
  /** Being created */
  | 'CREATING'
  /** Being deleted */
  | 'DELETING'
  /** Creation failed; see `failureReason` */
  | 'FAILED'
  /** Able to take requests */
  | 'IN_SERVICE'
  /** Not able to take requests */
  | 'OUT_OF_SERVICE'
  /** An update failed, and is being undone */
  | 'ROLLING_BACK'
  /** Under maintenance by AWS, and able to take requests */
  | 'SYSTEM_UPDATING'
  /** A status that SageMaker added later; see `rawStatus` */
  | 'UNKNOWN'
  /** An update failed, and undoing it failed, too */
  | 'UPDATE_ROLLBACK_FAILED'
  /** Being moved to another snapshot */
  | 'UPDATING'
  | '%future added value';

/** The category of a fault in the input */
export type UserErrorCode =
  /** The name is taken by a resource that the gateway did not make with this content */
  | 'ALREADY_EXISTS'
  /** The input contradicts the present state, or a change that is under way */
  | 'CONFLICT'
  /** The settings of this gateway switch this off */
  | 'DISABLED'
  /** A value is malformed, or AWS refuses it */
  | 'INVALID'
  /** Something that the input names does not exist */
  | 'NOT_FOUND'
  /** The change exceeds a quota of the AWS account or a limit of the group */
  | 'QUOTA_EXCEEDED'
  /** The group's role cannot read an address in the input */
  | 'UNREADABLE'
  | '%future added value';

export type RuntimeStateFragment = { id: string, name: string, status: RuntimeStatus, rawStatus: string, snapshotName: string | null };

export type ModelsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ModelsQuery = { models: { nodes: Array<{ id: string, name: string, creationTime: string | null }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type ModelServingQueryVariables = Exact<{
  name: string;
}>;


export type ModelServingQuery = { model: { id: string, name: string, runtimes: { nodes: Array<{ id: string, name: string, status: RuntimeStatus, rawStatus: string, snapshotName: string | null, monitoringSchedules: Array<{ name: string, status: string }> | null }> } | null, jobs: { edges: Array<{ match: MatchReason, node:
          | { id: string, name: string, status: JobStatus }
          | { id: string, name: string, status: JobStatus }
          | { id: string, name: string, status: JobStatus }
          | { id: string, name: string, status: JobStatus }
         }> } | null } | null };

export type ImportModelMutationVariables = Exact<{
  input: ImportModelInput;
}>;


export type ImportModelMutation = { importModel: { registration: { id: string, displayName: string } | null, importRun: { id: string, state: ImportRunState } | null, userErrors: Array<{ code: UserErrorCode, field: Array<string> | null, message: string }> } | null };

export type RuntimeChangedSubscriptionVariables = Exact<{
  ids: Array<string | number> | string | number;
}>;


export type RuntimeChangedSubscription = { runtimeChanged: { deletedId: string | null, at: string, runtime: { id: string, name: string, status: RuntimeStatus, rawStatus: string, snapshotName: string | null } | null } | null };

export const RuntimeStateFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RuntimeState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Runtime"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"rawStatus"}},{"kind":"Field","name":{"kind":"Name","value":"snapshotName"}}]}}]} as unknown as DocumentNode<RuntimeStateFragment, unknown>;
export const ModelsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Models"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"models"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"creationTime"}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<ModelsQuery, ModelsQueryVariables>;
export const ModelServingDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ModelServing"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"name"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"model"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"name"},"value":{"kind":"Variable","name":{"kind":"Name","value":"name"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"runtimes"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RuntimeState"}},{"kind":"Field","name":{"kind":"Name","value":"monitoringSchedules"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"jobs"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"10"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"match"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RuntimeState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Runtime"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"rawStatus"}},{"kind":"Field","name":{"kind":"Name","value":"snapshotName"}}]}}]} as unknown as DocumentNode<ModelServingQuery, ModelServingQueryVariables>;
export const ImportModelDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ImportModel"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ImportModelInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"importModel"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"registration"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"displayName"}}]}},{"kind":"Field","name":{"kind":"Name","value":"importRun"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}}]}},{"kind":"Field","name":{"kind":"Name","value":"userErrors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"field"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<ImportModelMutation, ImportModelMutationVariables>;
export const RuntimeChangedDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"RuntimeChanged"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"ids"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"runtimeChanged"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"ids"},"value":{"kind":"Variable","name":{"kind":"Name","value":"ids"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"runtime"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"RuntimeState"}}]}},{"kind":"Field","name":{"kind":"Name","value":"deletedId"}},{"kind":"Field","name":{"kind":"Name","value":"at"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"RuntimeState"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Runtime"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"rawStatus"}},{"kind":"Field","name":{"kind":"Name","value":"snapshotName"}}]}}]} as unknown as DocumentNode<RuntimeChangedSubscription, RuntimeChangedSubscriptionVariables>;