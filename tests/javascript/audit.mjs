// Runs the audit of GraphQL over HTTP against one address and writes its results as JSON: node audit.mjs URL
import { auditServer } from 'graphql-http'

const results = await auditServer({ url: process.argv[2] })
console.log(JSON.stringify(results.map(({ id, name, status, reason }) => ({ id, name, status, reason }))))
