// The console's typed documents: graphql-codegen's client preset over its sources and the printed schema.
export default {
  schema: '../../schema/schema.graphql',
  documents: ['../../console/src/**/*.{ts,tsx}', '!../../console/src/graphql/**'],
  generates: {
    '../../console/src/graphql/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        scalars: { BigInt: 'number', DateTime: 'string', JSON: 'unknown' },
        useTypeImports: true,
        enumsAsTypes: true,
        strictScalars: true,
        onlyOperationTypes: true,
      },
    },
  },
}
