// What a snapshot takes, and how traffic comes to it, in the few words that fit beside others.
import { words } from '../../ui/Status'
import { duration } from '../../ui/Time'

interface Variants {
  variants?: readonly { modelName?: string | null; instanceType?: string | null; initialInstanceCount?: number | null; serverless?: { memorySizeInMB: number } | null }[] | null
}

/** A line for each variant: `fraud-v12 on 2 × ml.m5.large`. */
export function variantLines(snapshot: Variants | null | undefined): string[] {
  return (snapshot?.variants ?? []).map(({ modelName, instanceType, initialInstanceCount, serverless }) => {
    const size = serverless ? `serverless, ${serverless.memorySizeInMB} MB` : [initialInstanceCount ?? 1, instanceType].filter(Boolean).join(' × ')
    return `${modelName ?? 'components'} on ${size}`
  })
}

/** A price: `0.23 USD an hour`. */
export function cost(price: { amount: number; currency: string } | null | undefined): string | undefined {
  return price ? `${price.amount.toFixed(2)} ${price.currency} an hour` : undefined
}

interface Capacity {
  percent?: number | null
  instances?: number | null
}

interface Rollout {
  strategy: string
  step?: Capacity | null
  rollbackStep?: Capacity | null
  waitSeconds?: number | null
  terminationWaitSeconds?: number | null
  maximumSeconds?: number | null
  alarms: readonly string[]
}

function capacity(part: Capacity): string {
  if (typeof part.percent === 'number') return `${part.percent} %`
  return `${part.instances} ${part.instances === 1 ? 'instance' : 'instances'}`
}

const STRATEGIES: Record<string, (step: string) => string> = {
  ALL_AT_ONCE: () => 'all at once',
  CANARY: step => `${step} first, then the rest`,
  LINEAR: step => `${step} at a time`,
  ROLLING: step => `${step} at a time, old instances ending as new ones come`,
}

/** A rollout in a line: `10 % first, then the rest, 10 min apart; taken back by the alarm fraud-errors`. */
export function rolloutText(rollout: Rollout): string {
  const { strategy, step, rollbackStep, waitSeconds, terminationWaitSeconds, maximumSeconds, alarms } = rollout
  const way = (STRATEGIES[strategy] ?? (size => [words(strategy), size].filter(Boolean).join(', ')))(step ? capacity(step) : 'a part')
  const parts = [
    waitSeconds ? `${way}, watched for ${duration(waitSeconds)} each` : way,
    rollbackStep && `the way back ${capacity(rollbackStep)} at a time`,
    terminationWaitSeconds ? `old instances stay for ${duration(terminationWaitSeconds)}` : undefined,
    maximumSeconds ? `taken back after ${duration(maximumSeconds)}` : undefined,
    alarms.length > 0 ? `taken back by the ${alarms.length === 1 ? 'alarm' : 'alarms'} ${alarms.join(', ')}` : 'no alarm takes it back',
  ]
  return parts.filter(Boolean).join('; ')
}
