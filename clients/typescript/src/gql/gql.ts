/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  fragment RuntimeState on Runtime {\n    id\n    name\n    status\n    rawStatus\n    snapshotName\n  }\n": typeof types.RuntimeStateFragmentDoc,
    "\n  query Models($first: Int, $after: String) {\n    models(first: $first, after: $after) {\n      nodes {\n        id\n        name\n        creationTime\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ModelsDocument,
    "\n  query ModelServing($name: String!) {\n    model(name: $name) {\n      id\n      name\n      runtimes(first: 20) {\n        nodes {\n          ...RuntimeState\n          monitoringSchedules {\n            name\n            status\n          }\n        }\n      }\n      jobs(first: 10) {\n        edges {\n          match\n          node {\n            id\n            name\n            status\n          }\n        }\n      }\n    }\n  }\n": typeof types.ModelServingDocument,
    "\n  mutation ImportModel($input: ImportModelInput!) {\n    importModel(input: $input) {\n      registration {\n        id\n        displayName\n      }\n      importRun {\n        id\n        state\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": typeof types.ImportModelDocument,
    "\n  subscription RuntimeChanged($ids: [ID!]!) {\n    runtimeChanged(ids: $ids) {\n      runtime {\n        ...RuntimeState\n      }\n      deletedId\n      at\n    }\n  }\n": typeof types.RuntimeChangedDocument,
};
const documents: Documents = {
    "\n  fragment RuntimeState on Runtime {\n    id\n    name\n    status\n    rawStatus\n    snapshotName\n  }\n": types.RuntimeStateFragmentDoc,
    "\n  query Models($first: Int, $after: String) {\n    models(first: $first, after: $after) {\n      nodes {\n        id\n        name\n        creationTime\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ModelsDocument,
    "\n  query ModelServing($name: String!) {\n    model(name: $name) {\n      id\n      name\n      runtimes(first: 20) {\n        nodes {\n          ...RuntimeState\n          monitoringSchedules {\n            name\n            status\n          }\n        }\n      }\n      jobs(first: 10) {\n        edges {\n          match\n          node {\n            id\n            name\n            status\n          }\n        }\n      }\n    }\n  }\n": types.ModelServingDocument,
    "\n  mutation ImportModel($input: ImportModelInput!) {\n    importModel(input: $input) {\n      registration {\n        id\n        displayName\n      }\n      importRun {\n        id\n        state\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n": types.ImportModelDocument,
    "\n  subscription RuntimeChanged($ids: [ID!]!) {\n    runtimeChanged(ids: $ids) {\n      runtime {\n        ...RuntimeState\n      }\n      deletedId\n      at\n    }\n  }\n": types.RuntimeChangedDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment RuntimeState on Runtime {\n    id\n    name\n    status\n    rawStatus\n    snapshotName\n  }\n"): (typeof documents)["\n  fragment RuntimeState on Runtime {\n    id\n    name\n    status\n    rawStatus\n    snapshotName\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Models($first: Int, $after: String) {\n    models(first: $first, after: $after) {\n      nodes {\n        id\n        name\n        creationTime\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query Models($first: Int, $after: String) {\n    models(first: $first, after: $after) {\n      nodes {\n        id\n        name\n        creationTime\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ModelServing($name: String!) {\n    model(name: $name) {\n      id\n      name\n      runtimes(first: 20) {\n        nodes {\n          ...RuntimeState\n          monitoringSchedules {\n            name\n            status\n          }\n        }\n      }\n      jobs(first: 10) {\n        edges {\n          match\n          node {\n            id\n            name\n            status\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query ModelServing($name: String!) {\n    model(name: $name) {\n      id\n      name\n      runtimes(first: 20) {\n        nodes {\n          ...RuntimeState\n          monitoringSchedules {\n            name\n            status\n          }\n        }\n      }\n      jobs(first: 10) {\n        edges {\n          match\n          node {\n            id\n            name\n            status\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ImportModel($input: ImportModelInput!) {\n    importModel(input: $input) {\n      registration {\n        id\n        displayName\n      }\n      importRun {\n        id\n        state\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ImportModel($input: ImportModelInput!) {\n    importModel(input: $input) {\n      registration {\n        id\n        displayName\n      }\n      importRun {\n        id\n        state\n      }\n      userErrors {\n        code\n        field\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription RuntimeChanged($ids: [ID!]!) {\n    runtimeChanged(ids: $ids) {\n      runtime {\n        ...RuntimeState\n      }\n      deletedId\n      at\n    }\n  }\n"): (typeof documents)["\n  subscription RuntimeChanged($ids: [ID!]!) {\n    runtimeChanged(ids: $ids) {\n      runtime {\n        ...RuntimeState\n      }\n      deletedId\n      at\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;