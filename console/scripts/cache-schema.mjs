// Writes src/graphql/cache-schema.json: of the schema, the types and fields that the console's documents ask for.
// Graphcache needs them to know what stands behind an interface, which fields may be null, and which types have no id.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { buildSchema, getNamedType, introspectionFromSchema, isAbstractType, isCompositeType, parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql'

const schema = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'))
const sources = new URL('../src/', import.meta.url)
const documents = readdirSync(sources, { recursive: true })
  .filter(name => /\.tsx?$/.test(name) && !name.startsWith('graphql'))
  .flatMap(name => [...readFileSync(new URL(name, sources), 'utf8').matchAll(/graphql\(`([^`]*)`\)/g)].map(([, text]) => text))

const used = new Map()
const use = (type, field) => {
  const fields = used.get(type.name) ?? new Set()
  used.set(type.name, fields)
  if (field) fields.add(field)
}

for (const text of documents) {
  const info = new TypeInfo(schema)
  visit(
    parse(text),
    visitWithTypeInfo(info, {
      Field(node) {
        const parent = info.getParentType()
        use(parent, node.name.value)
        if (isAbstractType(parent)) schema.getPossibleTypes(parent).forEach(type => use(type, node.name.value))
        const answer = getNamedType(info.getType())
        if (isCompositeType(answer)) use(answer)
        if (isAbstractType(answer)) schema.getPossibleTypes(answer).forEach(type => use(type))
      },
    }),
  )
}

const bare = ({ kind, name, ofType }) => (kind === 'NON_NULL' || kind === 'LIST' ? { kind, ofType: bare(ofType) } : { kind, name })
const { __schema } = introspectionFromSchema(schema)
const types = __schema.types
  .filter(({ name, kind }) => used.has(name) && ['OBJECT', 'INTERFACE', 'UNION'].includes(kind))
  .map(({ kind, name, fields, interfaces, possibleTypes }) => ({
    kind,
    name,
    fields: fields?.filter(field => used.get(name).has(field.name)).map(field => ({ name: field.name, args: [], type: bare(field.type) })),
    interfaces: interfaces?.map(({ kind, name }) => ({ kind, name })) ?? [],
    possibleTypes: possibleTypes?.filter(type => used.has(type.name)).map(({ kind, name }) => ({ kind, name })),
  }))
const withoutId = __schema.types
  .filter(({ name, kind, fields }) => kind === 'OBJECT' && used.has(name) && !fields.some(field => field.name === 'id'))
  .map(({ name }) => name)
const roots = Object.fromEntries(['queryType', 'mutationType', 'subscriptionType'].map(root => [root, { name: __schema[root].name }]))
writeFileSync(
  new URL('../src/graphql/cache-schema.json', import.meta.url),
  `${JSON.stringify({ schema: { __schema: { ...roots, types } }, withoutId })}\n`,
)
