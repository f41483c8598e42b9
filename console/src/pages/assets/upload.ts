// Brings a file to the gateway's keeping: straight to S3 by a presigned form, or as text where there is no bucket.

interface Form {
  url: string
  fields: readonly { name: string; value: string }[]
}

/** The largest text that the gateway holds itself, in bytes. */
export const MAX_TEXT_BYTES = 65_536

/** Sends a file by a presigned form. S3's answer is not readable here; whether the file came is checked by the gateway. */
export async function sendForm({ url, fields }: Form, file: File): Promise<void> {
  const body = new FormData()
  fields.forEach(({ name, value }) => body.append(name, value))
  body.append('file', file)
  await fetch(url, { method: 'POST', body, mode: 'no-cors', credentials: 'omit' })
}

/** Reads a file as text; undefined if it is too large for one, or is not UTF-8. */
export async function textOf(file: File): Promise<string | undefined> {
  if (file.size > MAX_TEXT_BYTES) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer())
  } catch {
    return undefined
  }
}

const TYPES: Record<string, string> = { csv: 'text/csv', json: 'application/json', jsonl: 'application/jsonlines', txt: 'text/plain', md: 'text/markdown', pdf: 'application/pdf' }

/** The media type that a name's ending stands for; a rehearsal sends test data with it. */
export function contentTypeOfName(name: string): string | undefined {
  return TYPES[name.split('.').at(-1)?.toLowerCase() ?? '']
}

/** The media type that a file is kept with. */
export function contentTypeOf(file: File): string {
  return file.type || contentTypeOfName(file.name) || 'application/octet-stream'
}
