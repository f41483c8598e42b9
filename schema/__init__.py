"""The GraphQL schema: types, roots, inputs, guards, limits. `resolvers` has the answers."""
