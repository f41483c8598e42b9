// Serves one answer of the gateway from memory: the page of models is cut to the size that the variables ask for.
import { readFileSync } from 'node:fs'

const [schemaFile, answerFile, portText] = process.argv.slice(2)

export const typeDefs = readFileSync(schemaFile, 'utf8')
export const port = Number(portText)
const { models } = JSON.parse(readFileSync(answerFile, 'utf8'))

const last = models.nodes.length

export const resolvers = {
  Query: {
    models: (_parent, { first }) => ({
      nodes: models.nodes.slice(0, first),
      pageInfo: { ...models.pageInfo, hasNextPage: first < last || models.pageInfo.hasNextPage },
    }),
  },
}
