// graphql-codegen's client preset over the printed schema: typed documents, and the manifest that the gateway trusts.
import { addTypenameSelectionDocumentTransform } from '@graphql-codegen/client-preset'

export default {
  schema: '../../../schema/schema.graphql',
  documents: 'operations/*.graphql',
  generates: {
    'generated/codegen/': {
      preset: 'client',
      presetConfig: { persistedDocuments: { hashAlgorithm: 'sha256' } },
      // Caches need the type's name; what runs by its id is the manifest's text, so the text must ask for it.
      documentTransforms: [addTypenameSelectionDocumentTransform],
      config: { scalars: { BigInt: 'number', DateTime: 'string', JSON: 'unknown' } },
    },
  },
}
