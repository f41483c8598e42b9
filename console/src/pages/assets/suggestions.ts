// Addresses that an asset may have: what the model's own jobs have read.
import { useMemo } from 'react'
import { useQuery } from 'urql'
import { graphql } from '../../graphql'
import type { AssetRole, AssetSuggestionsQuery } from '../../graphql/graphql'

const suggestionsQuery = graphql(`
  query AssetSuggestions($name: String!, $group: String, $region: String!) {
    model(name: $name, group: $group, region: $region) {
      id
      jobs(first: 20) {
        edges {
          node {
            id
            name
            type
            inputs {
              channel
              s3Uri
              contentType
            }
          }
        }
      }
    }
  }
`)

export interface Suggestion {
  s3Uri: string
  /** The job that has read it, in words. */
  source: string
  contentType?: string
}

type Job = NonNullable<NonNullable<AssetSuggestionsQuery['model']>['jobs']>['edges'][number]['node']

const MOST = 3

/** Training data is what trained the model; test data is what it was held against, or asked in batches. */
function isFor(role: AssetRole, { type }: Job, channel: string | null): boolean {
  const isTest = /^(test|validation|eval)/i.test(channel ?? '')
  if (role === 'TRAINING_DATA') return type === 'TRAINING' && !isTest
  return role === 'TEST_DATA' && (type === 'TRANSFORM' || isTest)
}

function suggestionsOf(jobs: readonly Job[], role: AssetRole): Suggestion[] {
  const found = new Map<string, Suggestion>()
  for (const job of jobs) {
    for (const { channel, s3Uri, contentType } of job.inputs ?? []) {
      if (s3Uri && isFor(role, job, channel) && !found.has(s3Uri)) found.set(s3Uri, { s3Uri, source: job.name, contentType: contentType ?? undefined })
    }
  }
  return [...found.values()].slice(0, MOST)
}

interface Suggestions {
  isReading: boolean
  of: (role: AssetRole) => Suggestion[]
}

/** Gives addresses for a role; nothing is asked while `isNeeded` is false. */
export function useSuggestions(model: { name: string; group: string; region: string }, isNeeded: boolean): Suggestions {
  const { name, group, region } = model
  const variables = useMemo(() => ({ name, group, region }), [name, group, region])
  const [{ data, fetching }] = useQuery({ query: suggestionsQuery, variables, pause: !isNeeded, requestPolicy: 'cache-first' })
  const jobs = (data?.model?.jobs?.edges ?? []).map(({ node }) => node)
  return { isReading: fetching && !data, of: role => suggestionsOf(jobs, role) }
}
