import dagre from '@dagrejs/dagre'
import { BaseEdge, EdgeText, getBezierPath, Handle, Position, ReactFlow, type Edge as FlowEdge, type EdgeProps, type Node as FlowNode, type NodeProps } from '@xyflow/react'
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type RefObject } from 'react'
import '@xyflow/react/dist/style.css'
import type { Place } from '../../shell/viewer'
import { Status } from '../../ui/Status'
import { condensed } from './condensed'
import type { Lineage, Thing } from './lineage'
import css from './lineage.module.css'
import { ThingLink } from './ThingLink'

const WIDTH = 190
const MARGIN = 20
/** The least gap between two columns, and the width of a letter of the reasons that stand there. */
const GAP = 112
const LETTER = 5.2
// Smaller than this nobody reads it; a drawing that is wider is scrolled.
const SMALLEST = 0.8

type ThingNode = FlowNode<{ thing: Thing; place: Place }, 'thing'>

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

type WhyEdge = FlowEdge<{ why: string; beside: 'source' | 'target' | 'neither'; gap: number }, 'why'>

/** An edge with its reason, which stands at the end that it shares with no other edge. */
function Why({ id, data, ...ends }: EdgeProps<WhyEdge>) {
  const [path, middleX, middleY] = getBezierPath(ends)
  const { sourceX, sourceY, targetX, targetY } = ends
  const half = (data?.gap ?? GAP) / 2
  const places = { source: [sourceX + half, sourceY], target: [targetX - half, targetY], neither: [middleX, middleY] }
  const [x = middleX, y = middleY] = places[data?.beside ?? 'neither']
  return (
    <>
      <BaseEdge id={id} path={path} />
      {data && <EdgeText x={x} y={y} label={data.why} labelBgPadding={[3, 1]} />}
    </>
  )
}

const NODE_TYPES = { thing: ThingBox }
const EDGE_TYPES = { why: Why }

/** The height of a box: a name may take three lines, and not everything has a status. */
function heightOf({ name, status }: Thing): number {
  return 34 + 19 * Math.min(3, Math.ceil(name.length / 22)) + (status ? 22 : 0)
}

interface Layout {
  nodes: ThingNode[]
  width: number
  height: number
}

/** The gap between two columns, in which the longest reason has room. */
function gapOf({ edges }: Lineage): number {
  return Math.max(GAP, ...edges.map(({ why }) => Math.ceil(why.length * LETTER) + 8))
}

/** Places the things from left to right: what made the model, the model, what serves and uses it. */
function placed(lineage: Lineage, place: Place): Layout {
  const { things, edges } = lineage
  const graph = new dagre.graphlib.Graph()
  graph.setGraph({ rankdir: 'LR', nodesep: 16, ranksep: gapOf(lineage), marginx: MARGIN, marginy: MARGIN })
  graph.setDefaultEdgeLabel(() => ({}))
  things.forEach(thing => graph.setNode(thing.id, { width: WIDTH, height: heightOf(thing) }))
  edges.forEach(({ from, to }) => graph.setEdge(from, to))
  dagre.layout(graph)
  const nodes = things.map((thing): ThingNode => {
    const { x, y, height } = graph.node(thing.id) as { x: number; y: number; height: number }
    return { id: thing.id, type: 'thing', position: { x: x - WIDTH / 2, y: y - height / 2 }, data: { thing, place }, draggable: false }
  })
  // The keyboard goes from left to right, as the eye does.
  nodes.sort((one, other) => one.position.x - other.position.x || one.position.y - other.position.y)
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number }
  return { nodes, width, height }
}

function edgesOf(lineage: Lineage): WhyEdge[] {
  const { edges } = lineage
  const gap = gapOf(lineage)
  const isShared = (end: 'from' | 'to', id: string) => edges.filter(edge => edge[end] === id).length > 1
  return edges.map(({ from, to, why }) => {
    const beside = !isShared('to', to) ? 'target' : isShared('from', from) ? 'neither' : 'source'
    return { id: `${from} ${to}`, type: 'why', source: from, target: to, focusable: false, data: { why, beside, gap } }
  })
}

/** The width that an element has, as it changes. */
function useWidth(ref: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const element = ref.current
    if (!element) return
    const measure = () => setWidth(element.clientWidth)
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    measure()
    return () => observer.disconnect()
  }, [ref])
  return width
}

/** The lineage, drawn. The table below it says the same, and what is left out here. */
export default function Drawing({ lineage, place }: { lineage: Lineage; place: Place }) {
  const ref = useRef<HTMLDivElement>(null)
  const available = useWidth(ref)
  const drawn = useMemo(() => condensed(lineage), [lineage])
  const { nodes, width, height } = useMemo(() => placed(drawn, place), [drawn, place])
  const edges = useMemo(() => edgesOf(drawn), [drawn])
  const scale = Math.min(1, Math.max(SMALLEST, available / width))
  const model = nodes.find(({ data }) => data.thing.kind === 'Model')
  const middle = model && { x: (model.position.x + WIDTH / 2) * scale, y: (model.position.y + heightOf(model.data.thing) / 2) * scale }
  useEffect(() => {
    const canvas = ref.current
    if (canvas && middle) canvas.scrollTo(middle.x - canvas.clientWidth / 2, middle.y - canvas.clientHeight / 2)
  }, [middle?.x, middle?.y, available])
  return (
    <>
      <div className={css.canvas} ref={ref} data-testid="lineage">
        <div style={{ width: width * scale, height: height * scale }}>
          {available > 0 && (
            <ReactFlow
              key={scale}
              nodes={nodes}
              edges={edges}
              nodeTypes={NODE_TYPES}
              edgeTypes={EDGE_TYPES}
              defaultViewport={{ x: 0, y: 0, zoom: scale }}
              minZoom={SMALLEST}
              maxZoom={1}
              nodesConnectable={false}
              nodesFocusable={false}
              edgesFocusable={false}
              elementsSelectable={false}
              panOnDrag={false}
              panOnScroll={false}
              preventScrolling={false}
              zoomOnScroll={false}
              zoomOnPinch={false}
              zoomOnDoubleClick={false}
              proOptions={{ hideAttribution: true }}
            />
          )}
        </div>
      </div>
      {available > 0 && width * scale > available && <p className={css.wider}>The drawing goes on to the left and to the right: scroll it.</p>}
    </>
  )
}
