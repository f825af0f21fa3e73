// Metric families as bodies of OTLP, in the form of its JSON: lowerCamelCase, enums as numbers, 64-bit integers as decimal strings.

import { EXPORT_SCOPE } from '../model/export-scope.ts'
import type { HistogramFamily, Labels, MetricFamily, NumberFamily } from './metric-family.ts'
import { type OtlpName, otlpAttributesOf, otlpNameOf } from './otlp-names.ts'

export interface OtlpTold {
  /** Of all that is sent; `service.name` of what is about an application is the application's. */
  readonly resource: Labels
  readonly version: string
  readonly temporality: 'cumulative' | 'delta'
  /** Since when counters count: the begin of the process, or what was told last. */
  readonly from: Date
  readonly at: Date
}

export interface OtlpRequest {
  readonly body: { readonly resourceMetrics: readonly object[] }
  readonly points: number
}

/** Some 500 kB of JSON; receivers take a megabyte and more. */
const MOST_POINTS = 1_500

const DELTA = 1
const CUMULATIVE = 2

interface Point {
  readonly application: string
  readonly metric: OtlpName
  readonly family: MetricFamily
  readonly data: object
}

export function otlpRequests(families: readonly MetricFamily[], told: OtlpTold): readonly OtlpRequest[] {
  const points = families.flatMap((family) => pointsOf(family, told))
  const requests: OtlpRequest[] = []
  for (let from = 0; from < points.length; from += MOST_POINTS) {
    const part = points.slice(from, from + MOST_POINTS)
    requests.push({ body: { resourceMetrics: resourcesOf(part, told) }, points: part.length })
  }
  return requests
}

function resourcesOf(points: readonly Point[], { resource, version, temporality }: OtlpTold) {
  return [...Map.groupBy(points, ({ application }) => application)].map(([application, own]) => ({
    resource: {
      attributes: attributesOf(application === '' ? resource : { ...resource, 'service.name': application }),
    },
    scopeMetrics: [
      {
        scope: { name: EXPORT_SCOPE, version },
        metrics: [...Map.groupBy(own, ({ metric }) => metric.name).values()].map((same) =>
          metricOf(same, temporality === 'delta' ? DELTA : CUMULATIVE),
        ),
      },
    ],
  }))
}

function metricOf(points: readonly Point[], temporality: number) {
  const [{ metric, family }] = points as [Point]
  const dataPoints = points.map(({ data }) => data)
  const head = { name: metric.name, description: family.help, unit: metric.unit }
  if (family.type === 'histogram')
    return { ...head, histogram: { aggregationTemporality: temporality, dataPoints } }
  if (family.type === 'counter')
    return { ...head, sum: { aggregationTemporality: temporality, isMonotonic: true, dataPoints } }
  // what may fall has no increases: levels are cumulative whatever was asked for
  return metric.isUpDown
    ? { ...head, sum: { aggregationTemporality: CUMULATIVE, isMonotonic: false, dataPoints } }
    : { ...head, gauge: { dataPoints } }
}

function pointsOf(family: MetricFamily, told: OtlpTold): readonly Point[] {
  const metric = otlpNameOf(family.name)
  const isDelta = told.temporality === 'delta'
  const point = (labels: Labels, data: object): Point => ({
    application: labels.application ?? '',
    metric,
    family,
    data: { attributes: attributesOf(otlpAttributesOf(metric.name, labels)), ...data },
  })
  return family.type === 'histogram'
    ? histogramPoints(family, told, isDelta, point)
    : numberPoints(family, metric, told, isDelta, point)
}

type MakePoint = (labels: Labels, data: object) => Point

function numberPoints(
  { type, samples }: NumberFamily,
  { isWhole, isUpDown }: OtlpName,
  { from, at }: OtlpTold,
  isDelta: boolean,
  point: MakePoint,
): readonly Point[] {
  const time = { timeUnixNano: nanosOf(at) }
  const span = { startTimeUnixNano: nanosOf(from), ...time }
  return samples.flatMap(({ labels, value }) => {
    if (value === null || !Number.isFinite(value)) return []
    if (isDelta && type === 'counter' && value === 0) return []
    const number = isWhole && Number.isSafeInteger(value) ? { asInt: String(value) } : { asDouble: value }
    return [point(labels, { ...(type === 'counter' || isUpDown ? span : time), ...number })]
  })
}

function histogramPoints(
  { bounds, samples }: HistogramFamily,
  { from, at }: OtlpTold,
  isDelta: boolean,
  point: MakePoint,
): readonly Point[] {
  const span = { startTimeUnixNano: nanosOf(from), timeUnixNano: nanosOf(at) }
  return samples.flatMap(({ labels, counts, sum }) => {
    const count = counts.reduce((all, each) => all + each, 0)
    if (isDelta && count === 0) return []
    return [
      point(labels, {
        ...span,
        count: String(count),
        sum,
        bucketCounts: counts.map(String),
        explicitBounds: [...bounds],
      }),
    ]
  })
}

function attributesOf(labels: Labels) {
  return Object.entries(labels).map(([key, stringValue]) => ({
    key,
    value: { stringValue: stringValue.toWellFormed() },
  }))
}

function nanosOf(at: Date): string {
  return `${at.getTime()}000000`
}
