// graphql-codegen's client preset: types for each operation in src/operations.ts, and nothing else of the schema.
export default {
  schema: "../../schema/schema.graphql",
  documents: "src/operations.ts",
  generates: {
    "src/gql/": {
      preset: "client",
      presetConfig: { fragmentMasking: false },
      config: {
        scalars: { BigInt: "number", DateTime: "string", JSON: "unknown" },
        enumsAsTypes: true,
        // A value that an enum gains later is none of the known ones, and the compiler asks what becomes of it.
        futureProofEnums: true,
        useTypeImports: true,
      },
    },
  },
};
