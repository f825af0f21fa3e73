// Panels as short data: what is asked, in which unit, how it is drawn; and the JSON that Grafana takes for one.

import type { FieldConfigSource, Panel, ThresholdsMode } from '@grafana/schema'

export type PanelKind = 'timeseries' | 'stat' | 'bargauge' | 'table'
/** Grafana's own names. */
export type PanelUnit = 's' | 'percentunit' | 'bytes' | 'reqps' | 'ops' | 'short' | 'dateTimeAsIso'

export interface PanelQuery {
  readonly expression: string
  /** `{{route}}`. */
  readonly legend: string
}

export interface PanelDefinition {
  readonly title: string
  readonly description: string
  readonly kind: PanelKind
  readonly unit: PanelUnit
  readonly queries: readonly PanelQuery[]
  /** In 24ths. Default 12. */
  readonly width?: number
  readonly height?: number
  /** Yellow and red from these on; drawn as lines in a chart. `below`: the other way round. */
  readonly limits?: { readonly warning: number; readonly critical: number; readonly below?: true }
  readonly stacked?: true
  /** Of a table: columns that are shown, in order, with their titles; `Value` is the number. */
  readonly columns?: Readonly<Record<string, string>>
  /** A link on a table's rows, with Grafana's variables. */
  readonly link?: { readonly title: string; readonly url: string }
}

/** As Grafana writes one of its variables: `raw`, `percentencode` or nothing said of how. */
export function variable(name: string, format?: 'raw' | 'percentencode'): string {
  return `\${${name}${format === undefined ? '' : `:${format}`}}`
}

export const DATASOURCE = { type: 'prometheus', uid: variable('datasource') } as const

export function panelOf(
  definition: PanelDefinition,
  id: number,
  place: { readonly x: number; readonly y: number; readonly w: number; readonly h: number },
): Panel {
  const { title, description, kind, queries } = definition
  const isTable = kind === 'table'
  return {
    id,
    type: kind,
    title,
    description,
    gridPos: place,
    datasource: DATASOURCE,
    targets: queries.map(({ expression, legend }, index) => ({
      refId: String.fromCharCode(65 + index),
      datasource: DATASOURCE,
      expr: expression,
      legendFormat: legend,
      ...(kind === 'timeseries' ? { range: true } : { instant: true, range: false }),
      ...(isTable ? { format: 'table' } : {}),
    })),
    fieldConfig: fieldsOf(definition),
    options: OPTIONS[kind],
    ...(definition.columns === undefined ? {} : { transformations: [organise(definition.columns)] }),
  }
}

const LAST = { calcs: ['lastNotNull'], fields: '', values: false }
const OPTIONS: Readonly<Record<PanelKind, Record<string, unknown>>> = {
  timeseries: {
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
    tooltip: { mode: 'multi', sort: 'desc' },
  },
  stat: { reduceOptions: LAST, colorMode: 'value', graphMode: 'none', textMode: 'auto' },
  bargauge: { reduceOptions: LAST, orientation: 'horizontal', displayMode: 'basic' },
  table: { showHeader: true, cellHeight: 'sm' },
}

function fieldsOf({ kind, unit, limits, stacked, link, columns }: PanelDefinition): FieldConfigSource {
  const custom =
    kind === 'timeseries'
      ? {
          lineWidth: 1,
          fillOpacity: stacked ? 30 : 0,
          ...(stacked ? { stacking: { mode: 'normal', group: 'A' } } : {}),
          ...(limits === undefined ? {} : { thresholdsStyle: { mode: 'line' } }),
        }
      : {}
  return {
    defaults: {
      // of a table only the number has the unit
      ...(columns === undefined ? { unit } : {}),
      ...(unit === 'percentunit' ? { min: 0, max: 1 } : kind === 'timeseries' ? { min: 0 } : {}),
      ...(limits === undefined ? {} : { thresholds: thresholdsOf(limits) }),
      custom,
    },
    overrides:
      columns?.Value === undefined
        ? []
        : [
            {
              matcher: { id: 'byName', options: columns.Value },
              properties: [{ id: 'unit', value: unit }],
            },
            ...(link === undefined
              ? []
              : [
                  {
                    matcher: { id: 'byName', options: Object.values(columns)[0]! },
                    properties: [{ id: 'links', value: [{ ...link, targetBlank: true }] }],
                  },
                ]),
          ],
  }
}

function thresholdsOf({ warning, critical, below }: NonNullable<PanelDefinition['limits']>) {
  const steps = below
    ? [
        { value: null, color: 'red' },
        { value: critical, color: 'yellow' },
        { value: warning, color: 'green' },
      ]
    : [
        { value: null, color: 'green' },
        { value: warning, color: 'yellow' },
        { value: critical, color: 'red' },
      ]
  return { mode: 'absolute' as ThresholdsMode, steps }
}

/** Only the columns that are named, in their order. */
function organise(columns: Readonly<Record<string, string>>) {
  const names = Object.keys(columns)
  return {
    id: 'organize',
    options: {
      includeByName: Object.fromEntries(names.map((name) => [name, true])),
      indexByName: Object.fromEntries(names.map((name, index) => [name, index])),
      renameByName: columns,
    },
  }
}
