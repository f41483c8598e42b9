// The models list as Relay has it: a fragment that is paged, and the query around it.
import { graphql } from 'relay-runtime'

export const query = graphql`
  query ModelsQuery($first: Int!, $after: String) {
    ...Models_list @arguments(first: $first, after: $after)
  }
`

export const list = graphql`
  fragment Models_list on Query
  @refetchable(queryName: "ModelsPageQuery")
  @argumentDefinitions(first: { type: "Int!" }, after: { type: "String" }) {
    models(first: $first, after: $after, orderBy: { by: NAME, direction: ASC }) @connection(key: "Models_models") {
      edges {
        node {
          id
          name
          creationTime
          registration {
            id
            displayName
          }
        }
      }
      totalCount
    }
  }
`
