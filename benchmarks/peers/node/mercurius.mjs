// mercurius with its compiler over the gateway's schema and data: node mercurius.mjs SCHEMA ANSWER PORT
import Fastify from 'fastify'
import mercurius from 'mercurius'

import { port, resolvers, typeDefs } from './data.mjs'

const app = Fastify()
app.register(mercurius, { schema: typeDefs, resolvers, jit: 1 })
await app.listen({ port, host: '127.0.0.1' })
console.log('ready')
