import dagre from '@dagrejs/dagre'
import { Handle, Position, ReactFlow, type Edge as FlowEdge, type Node as FlowNode, type NodeProps } from '@xyflow/react'
import { useMemo } from 'react'
import '@xyflow/react/dist/style.css'
import { Status } from '../../ui/Status'
import type { Lineage, Thing } from './lineage'
import css from './lineage.module.css'
import { ThingLink } from './ThingLink'

const WIDTH = 210
const HEIGHT = 64

type ThingNode = FlowNode<{ thing: Thing; place: { group: string; region: string } }, 'thing'>

function ThingBox({ data: { thing, place } }: NodeProps<ThingNode>) {
  return (
    <div className={thing.kind === 'Model' ? `${css.thing} ${css.model}` : css.thing}>
      <Handle className={css.handle} type="target" position={Position.Left} isConnectable={false} />
      <span className={css.kind}>{thing.kind}</span>
      <ThingLink thing={thing} place={place} />
      {thing.status && <Status value={thing.status} raw={thing.raw} />}
      <Handle className={css.handle} type="source" position={Position.Right} isConnectable={false} />
    </div>
  )
}

const NODE_TYPES = { thing: ThingBox }

/** Places the things from left to right: what made the model, the model, what serves and uses it. */
function placed({ things, edges }: Lineage, place: { group: string; region: string }): ThingNode[] {
  const graph = new dagre.graphlib.Graph()
  graph.setGraph({ rankdir: 'LR', nodesep: 18, ranksep: 120 })
  graph.setDefaultEdgeLabel(() => ({}))
  things.forEach(({ id }) => graph.setNode(id, { width: WIDTH, height: HEIGHT }))
  edges.forEach(({ from, to }) => graph.setEdge(from, to))
  dagre.layout(graph)
  return things.map(thing => {
    const { x, y } = graph.node(thing.id) as { x: number; y: number }
    return { id: thing.id, type: 'thing', position: { x: x - WIDTH / 2, y: y - HEIGHT / 2 }, data: { thing, place }, draggable: false }
  })
}

/** The lineage, drawn. The table below it says the same. */
export default function Drawing({ lineage, place }: { lineage: Lineage; place: { group: string; region: string } }) {
  const nodes = useMemo(() => placed(lineage, place), [lineage, place])
  const edges = useMemo<FlowEdge[]>(() => lineage.edges.map(({ from, to, why }) => ({ id: `${from} ${to}`, source: from, target: to, label: why, focusable: false })), [lineage])
  // As high as its things, within what a window has.
  const height = Math.max(...nodes.map(({ position }) => position.y)) + HEIGHT + 60
  return (
    <div className={css.canvas} style={{ height }} data-testid="lineage">
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        fitView
        fitViewOptions={{ padding: 0.08, maxZoom: 1 }}
        minZoom={0.2}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        preventScrolling={false}
        zoomOnScroll={false}
        proOptions={{ hideAttribution: true }}
      />
    </div>
  )
}
