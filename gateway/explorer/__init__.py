"""The GraphiQL page at /graphql: offline, with worked example queries, from assets that set-up bundles."""
