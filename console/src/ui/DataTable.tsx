import { createColumnHelper, tableFeatures, useTable, type ColumnDef, type RowData } from '@tanstack/react-table'
import css from './ui.module.css'

// Filters, orders and pages are the gateway's: the table itself only has rows and columns.
const features = tableFeatures({})

export interface Sorting<Field extends string> {
  field: Field
  direction: 'asc' | 'desc'
}

export type Columns<Row extends RowData> = ColumnDef<typeof features, Row>[]

/** Columns of rows of one type; `id` is what a sorted column is called in the address. */
export function columnsOf<Row extends RowData>() {
  return createColumnHelper<typeof features, Row>()
}

interface Props<Row extends RowData, Field extends string> {
  caption: string
  columns: Columns<Row>
  rows: Row[]
  /** Columns by which the list may be ordered, and how it is now. */
  sortable?: readonly Field[]
  sorting?: Sorting<Field>
  onSort?: (sorting: Sorting<Field>) => void
}

function Heading<Field extends string>({ field, label, sorting, onSort }: { field: Field; label: string; sorting: Sorting<Field>; onSort: (sorting: Sorting<Field>) => void }) {
  const isSorted = sorting.field === field
  const direction = isSorted && sorting.direction === 'asc' ? 'desc' : 'asc'
  return (
    <button type="button" className={css.sort} onClick={() => onSort({ field, direction })}>
      {label}
      <span aria-hidden="true">{isSorted ? (sorting.direction === 'asc' ? '▲' : '▼') : '↕'}</span>
    </button>
  )
}

const ORDERS = { asc: 'ascending', desc: 'descending' } as const

/** A table that becomes a list of cards where there is no room for columns. */
export function DataTable<Row extends { id: string } & RowData, Field extends string = never>(props: Props<Row, Field>) {
  const { columns, rows, sortable = [], sorting, onSort } = props
  const table = useTable({ features, columns, data: rows, getRowId: row => row.id })
  return (
    <table className={`${css.table} ${css.stack}`}>
      <caption className={css.hidden}>{props.caption}</caption>
      <thead>
        {table.getHeaderGroups().map(group => (
          <tr key={group.id}>
            {group.headers.map(header => {
              const field = sortable.find(each => each === header.column.id)
              return (
                <th key={header.id} scope="col" aria-sort={field && sorting?.field === field ? ORDERS[sorting.direction] : undefined}>
                  {field && sorting && onSort ? (
                    <Heading field={field} label={String(header.column.columnDef.header)} sorting={sorting} onSort={onSort} />
                  ) : (
                    <table.FlexRender header={header} />
                  )}
                </th>
              )
            })}
          </tr>
        ))}
      </thead>
      <tbody>
        {table.getRowModel().rows.map(row => (
          <tr key={row.id}>
            {row.getAllCells().map(cell => (
              <td key={cell.id} data-label={String(cell.column.columnDef.header)}>
                <div>
                  <table.FlexRender cell={cell} />
                </div>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
