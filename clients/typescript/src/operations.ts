import { graphql } from "./gql/gql.ts";

export const RuntimeState = graphql(`
  fragment RuntimeState on Runtime {
    id
    name
    status
    rawStatus
    snapshotName
  }
`);

export const Models = graphql(`
  query Models($first: Int, $after: String) {
    models(first: $first, after: $after) {
      nodes {
        id
        name
        creationTime
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`);

export const ModelServing = graphql(`
  query ModelServing($name: String!) {
    model(name: $name) {
      id
      name
      runtimes(first: 20) {
        nodes {
          ...RuntimeState
          monitoringSchedules {
            name
            status
          }
        }
      }
      jobs(first: 10) {
        edges {
          match
          node {
            id
            name
            status
          }
        }
      }
    }
  }
`);

export const ImportModel = graphql(`
  mutation ImportModel($input: ImportModelInput!) {
    importModel(input: $input) {
      registration {
        id
        displayName
      }
      importRun {
        id
        state
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`);

export const RuntimeChanged = graphql(`
  subscription RuntimeChanged($ids: [ID!]!) {
    runtimeChanged(ids: $ids) {
      runtime {
        ...RuntimeState
      }
      deletedId
      at
    }
  }
`);
