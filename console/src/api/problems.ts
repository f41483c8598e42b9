// Errors as the API says them: what they are about, the sentence, and the ids by which logs are searched.
import type { CombinedError } from 'urql'

export interface Problem {
  /** UNAUTHENTICATED, FORBIDDEN, THROTTLED …; NETWORK if no answer came. */
  code: string
  message: string
  /** The field that is null because of it, as `model.runtimes`; empty for a whole answer. */
  path: string
  requestId?: string
  awsRequestId?: string
}

const LISTS = new Set(['edges', 'node', 'nodes'])

function fieldPath(path: readonly (string | number)[] | undefined): string {
  return (path ?? []).filter(part => typeof part === 'string' && !LISTS.has(part)).join('.')
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** Gives each problem once; many things of a list may be missing for one reason. */
export function problemsOf(error: CombinedError | undefined): Problem[] {
  if (!error) return []
  if (error.graphQLErrors.length === 0) {
    return [{ code: 'NETWORK', message: 'The gateway gave no answer. The page asks again when you try again.', path: '' }]
  }
  const problems = new Map<string, Problem>()
  for (const { message, path, extensions } of error.graphQLErrors) {
    const problem: Problem = {
      code: text(extensions.code) ?? 'INTERNAL',
      message,
      path: fieldPath(path),
      requestId: text(extensions.requestId),
      awsRequestId: text(extensions.awsRequestId),
    }
    problems.set(`${problem.code} ${problem.path} ${message}`, problem)
  }
  return [...problems.values()]
}

interface Fault {
  code: string
  message: string
}

/** Gives the faults of a mutation's input as problems. */
export function faultsOf(payload: { userErrors: readonly Fault[] } | null | undefined): Problem[] {
  return (payload?.userErrors ?? []).map(({ code, message }) => ({ code, message, path: '' }))
}

/** Tells whether something below this field could not be read. */
export function isMissing(problems: readonly Problem[], field: string): boolean {
  return problems.some(({ path }) => path === field || path.startsWith(`${field}.`) || path === '')
}
