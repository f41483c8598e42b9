// graphql-yoga over the gateway's schema and data: node yoga.mjs SCHEMA ANSWER PORT
import { createServer } from 'node:http'

import { createSchema, createYoga } from 'graphql-yoga'

import { port, resolvers, typeDefs } from './data.mjs'

// Its own logger would write a line for each request.
const yoga = createYoga({ schema: createSchema({ typeDefs, resolvers }), graphiql: false, logging: false })
createServer(yoga).listen(port, '127.0.0.1', () => console.log('ready'))
