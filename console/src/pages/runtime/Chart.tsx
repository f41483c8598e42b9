import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { words } from '../../ui/Status'
import css from './chart.module.css'

export interface Series {
  metric: string
  statistic: string
  variant?: string | null
  unit: string
  points: readonly { at: string; value: number }[]
}

const HEIGHT = 170
const COLOURS = ['light-dark(#0b6b52, #5ed3ac)', 'light-dark(#8a5300, #efb45a)', 'light-dark(#0a5bb0, #7db8f7)', 'light-dark(#8b2f97, #d69be0)']

/** Puts series of one metric side by side: a column of times, and one of values for each variant. */
function aligned(series: readonly Series[]): uPlot.AlignedData {
  const times = [...new Set(series.flatMap(({ points }) => points.map(({ at }) => Date.parse(at) / 1000)))].sort((a, b) => a - b)
  const columns = series.map(each => {
    const values = new Map(inShownUnit(each).map(({ at, value }) => [Date.parse(at) / 1000, value]))
    return times.map(time => values.get(time) ?? null)
  })
  return [times, ...columns]
}

// CloudWatch's latencies are in microseconds; people read milliseconds.
const UNITS: Record<string, string> = { Microseconds: 'ms', Percent: '%' }
const inShownUnit = ({ unit, points }: Series) => (unit === 'Microseconds' ? points.map(({ at, value }) => ({ at, value: value / 1000 })) : points)
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })

/** Resolves `light-dark()` for a canvas, which knows no style sheets. */
function colour(element: HTMLElement, value: string): string {
  element.style.color = value
  return getComputedStyle(element).color
}

function draw(element: HTMLElement, series: readonly Series[]): uPlot {
  const text = colour(element, 'var(--quiet)')
  const line = colour(element, 'var(--line)')
  const axis = { stroke: text, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 } }
  const options: uPlot.Options = {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { drag: { x: false, y: false } },
    axes: [{ ...axis, values: (_plot, times) => times.map(time => clock.format(time * 1000)) }, { ...axis, size: 60 }],
    series: [{}, ...series.map(({ variant }, index) => ({ label: variant ?? 'all', stroke: colour(element, COLOURS[index % COLOURS.length] ?? text), width: 2, spanGaps: true }))],
  }
  return new uPlot(options, aligned(series), element)
}

/** One metric, drawn; its newest values stand beside it as text, for those who do not see the drawing. */
function Chart({ series }: { series: readonly Series[] }) {
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const element = ref.current
    if (!element) return
    const plot = draw(element, series)
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      plot.destroy()
    }
  }, [series])
  const [first] = series
  if (!first) return null
  const newest = series.map(each => `${each.variant ?? 'all'}: ${inShownUnit(each).at(-1)?.value.toLocaleString('en', { maximumFractionDigits: 2 }) ?? 'no value'}`)
  return (
    <div className={css.chart}>
      <h3>
        {words(first.metric)} ({[first.statistic.toLowerCase(), UNITS[first.unit]].filter(Boolean).join(', ')})
      </h3>
      <div className={css.canvas} ref={ref} aria-hidden="true" />
      <span>Newest: {newest.join(', ')}</span>
    </div>
  )
}

/** A strip of metrics: a drawing for each, with a line for each variant. */
export function MetricsStrip({ series }: { series: readonly Series[] }) {
  const metrics = [...new Set(series.map(({ metric, statistic }) => `${metric} ${statistic}`))]
  const drawn = metrics
    .map(name => series.filter(({ metric, statistic, points }) => `${metric} ${statistic}` === name && points.length > 0))
    .filter(each => each.length > 0)
  if (drawn.length === 0) return <p>No metric has a point in the last three hours: nobody has asked this runtime, or it is new.</p>
  return (
    <div className={css.strip}>
      {drawn.map(each => (
        <Chart key={`${each[0]?.metric} ${each[0]?.statistic}`} series={each} />
      ))}
    </div>
  )
}
