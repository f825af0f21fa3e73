// A capacity plan as CSV: a line a measure and moment, then a line a limit, for programs and spreadsheets alike. Values are plain: bytes,
// shares from 0 to 1, dates by ISO 8601.

import type { CapacityInterval, CapacityPlanWire } from '../../model/capacity.ts'

const HEADINGS = [
  'kind',
  'id',
  'label',
  'unit',
  'moment',
  'at',
  'value',
  'lower',
  'upper',
  'value_with_users',
  'lower_with_users',
  'upper_with_users',
  'limit',
  'expected_at',
  'earliest_at',
  'latest_at',
  'expected_at_with_users',
  'earliest_at_with_users',
  'note',
] as const

type Row = { readonly [Column in (typeof HEADINGS)[number]]?: string | number | null }

export function capacityCsv(plan: CapacityPlanWire): string {
  const inputs: Row[] = [
    { kind: 'input', id: 'users', label: 'times as many users', value: plan.users },
    {
      kind: 'input',
      id: 'confidence',
      label: 'share that intervals are meant to hold',
      value: plan.confidence,
    },
  ]
  const needs: Row[] = [
    ...(plan.pool === null
      ? []
      : [
          {
            kind: 'need',
            id: 'pool',
            label: 'Connections needed',
            unit: 'count',
            moment: 'now',
            at: plan.at,
            value: plan.pool.required,
            value_with_users: plan.pool.requiredWithUsers,
          },
          ...plan.pool.projections.map((each) =>
            projectionRow('need', 'pool', 'Connections needed', 'count', each),
          ),
        ]),
    ...(plan.cache === null
      ? []
      : [
          {
            kind: 'need',
            id: 'cache',
            label: 'Memory for the data in use',
            unit: 'bytes',
            moment: 'now',
            at: plan.at,
            value: plan.cache.requiredBytes,
            value_with_users: plan.cache.requiredBytes,
            note: plan.cache.rule,
          },
          ...plan.cache.projections.map((each) =>
            projectionRow('need', 'cache', 'Memory for the data in use', 'bytes', each),
          ),
        ]),
  ]
  const rows: Row[] = [
    ...inputs,
    ...plan.measures.flatMap(({ id, label, unit, now, nowWithUsers, projections, because }) => [
      {
        kind: 'measure',
        id,
        label,
        unit,
        moment: 'now',
        at: plan.at,
        value: now,
        value_with_users: nowWithUsers,
        note: because,
      },
      ...projections.map((each) => projectionRow('measure', id, label, unit, each)),
    ]),
    ...needs,
    ...plan.limits.map(({ id, label, unit, value, now, nowWithUsers, source, withUsers, ...reached }) => ({
      kind: 'limit',
      id,
      label,
      unit,
      moment: 'now',
      at: plan.at,
      value: now,
      value_with_users: nowWithUsers,
      limit: value,
      expected_at: reached.expectedAt,
      earliest_at: reached.earliestAt,
      latest_at: reached.latestAt,
      expected_at_with_users: withUsers.expectedAt,
      earliest_at_with_users: withUsers.earliestAt,
      note: source,
    })),
  ]
  return `${[HEADINGS.join(','), ...rows.map((row) => HEADINGS.map((name) => field(row[name])).join(','))].join('\r\n')}\r\n`
}

interface Projection {
  readonly horizon: string
  readonly at: string
  readonly now: CapacityInterval | null
  readonly withUsers: CapacityInterval | null
}

function projectionRow(
  kind: string,
  id: string,
  label: string,
  unit: string,
  { horizon, at, now, withUsers }: Projection,
): Row {
  return {
    kind,
    id,
    label,
    unit,
    moment: horizon,
    at,
    value: now?.value ?? null,
    lower: now?.lower ?? null,
    upper: now?.upper ?? null,
    value_with_users: withUsers?.value ?? null,
    lower_with_users: withUsers?.lower ?? null,
    upper_with_users: withUsers?.upper ?? null,
    note: now === null ? 'not projected' : null,
  }
}

/** By RFC 4180; a text that a spreadsheet would calculate begins with an apostrophe (names of tables are anybody's). */
function field(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
