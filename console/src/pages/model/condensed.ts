// A lineage that is small enough to be drawn: of each kind so many things, the rest as one.
import type { Edge, Lineage, Thing } from './lineage'

const REST = 'rest of '

/** So many things of a kind stand in a column that can be read. */
const MOST = 6

/** Things that are looked for first: those with a state that is not at rest, and those that something runs on. */
function weight({ id, status }: Thing, served: Set<string>): number {
  return (served.has(id) ? 2 : 0) + (status && !['COMPLETED', 'STOPPED', 'SUCCEEDED'].includes(status) ? 1 : 0)
}

/** Gives the things that are drawn, and for each that is not, the one that stands for it. */
function chosen({ things, edges }: Lineage): { kept: Thing[]; stand: Map<string, string> } {
  const served = new Set(edges.filter(({ why }) => why === 'runs it now').map(({ from }) => from))
  const stand = new Map<string, string>()
  const kinds = [...new Set(things.map(({ kind }) => kind))]
  const kept = kinds.flatMap(kind => {
    const all: Thing[] = things.filter(thing => thing.kind === kind)
    if (all.length <= MOST + 1) return all
    const first = new Set([...all].sort((one, other) => weight(other, served) - weight(one, served)).slice(0, MOST))
    const rest = all.filter(thing => !first.has(thing))
    const id = `${REST}${kind}`
    rest.forEach(thing => stand.set(thing.id, id))
    return [...all.filter(thing => first.has(thing)), { id, kind, name: `and ${rest.length} more, in the table below` }]
  })
  return { kept, stand }
}

/** Gives the lineage to draw; nothing is left out of the table. */
export function condensed(lineage: Lineage): Lineage {
  const { kept, stand } = chosen(lineage)
  const edges = new Map<string, Edge>()
  for (const { from, to, why } of lineage.edges) {
    const [start, end] = [stand.get(from) ?? from, stand.get(to) ?? to]
    edges.set(`${start} ${end}`, { from: start, to: end, why })
  }
  // What stands for the rest is placed last of its kind.
  const last = [...edges.values()].sort((one, other) => Number(one.to.startsWith(REST)) - Number(other.to.startsWith(REST)))
  return { ...lineage, things: kept, edges: last }
}
