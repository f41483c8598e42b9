// A mutation that nothing remembers: urql's cache keeps the variables of each operation as long as the page is there,
// and entered credentials are for one request.
import { CombinedError, stringifyDocument, type TypedDocumentNode } from 'urql'
import { settings } from '../settings'
import { sessionFetch } from './session'

interface Answer<Data> {
  data?: Data | null
  error?: CombinedError
}

/** Sends a document once, and keeps neither its variables nor its answer. */
export async function askOnce<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Answer<Data>> {
  try {
    const body = JSON.stringify({ query: stringifyDocument(document), variables })
    const response = await sessionFetch(settings.endpoint, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })
    const { data, errors } = (await response.json()) as { data?: Data | null; errors?: { message: string }[] }
    return { data, error: errors?.length ? new CombinedError({ graphQLErrors: errors }) : undefined }
  } catch (error) {
    return { error: new CombinedError({ networkError: error as Error }) }
  }
}
