// What a snapshot takes, in the few words that fit beside another.

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
