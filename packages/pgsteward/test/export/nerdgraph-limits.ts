// What New Relic's documentation limits beyond the types: lengths of names, spans of time, widths of widgets, one workflow a channel.

import { GraphQLError } from 'graphql'
import type { NerdGraphState } from './strict-nerdgraph.ts'

// biome-ignore lint/suspicious/noExplicitAny: as loose as JSON is; the schema is what checks it
type Json = any

const PROPERTIES: Readonly<Record<string, readonly string[]>> = {
  'destination EMAIL': ['email'],
  'destination WEBHOOK': ['url'],
  'channel EMAIL': ['subject'],
  'channel WEBHOOK': ['payload'],
  'channel SLACK': ['channelId'],
  'channel PAGERDUTY_SERVICE_INTEGRATION': ['summary'],
}
const VISUALIZATIONS = new Set(['viz.line', 'viz.area', 'viz.bar', 'viz.billboard', 'viz.table', 'viz.pie'])

function refuse(message: string): never {
  throw new GraphQLError(message, { extensions: { errorClass: 'BAD_USER_INPUT' } })
}

export function limitsOf(state: NerdGraphState) {
  const name = (text: string) => {
    if (text.length < 1 || text.length > 128) refuse(`a name of ${text.length} characters`)
  }
  const properties = (kind: string, { type, properties: given }: Json): string | null => {
    const wanted = PROPERTIES[`${kind} ${type}`]
    if (wanted === undefined) return `${kind} ${type} cannot be made here`
    const keys = given.map(({ key }: Json) => key)
    return JSON.stringify(keys) === JSON.stringify(wanted) ? null : `properties ${keys} instead of ${wanted}`
  }
  return {
    name,
    condition({
      name: title,
      nrql,
      terms,
      signal,
      expiration,
      violationTimeLimitSeconds,
      runbookUrl,
    }: Json): void {
      name(title)
      if ((terms ?? []).length === 0 && expiration?.openViolationOnExpiration !== true)
        refuse('neither terms nor expiration')
      if (
        !/^SELECT .+ FROM Metric WHERE .+/.test(nrql.query) ||
        /\b(SINCE|UNTIL|LIMIT|TIMESERIES|COMPARE)\b/.test(nrql.query)
      )
        refuse(`no query of a condition: ${nrql.query}`)
      const {
        aggregationWindow,
        aggregationMethod,
        aggregationDelay,
        aggregationTimer,
        slideBy,
        fillOption,
        fillValue,
      } = signal
      if (!(aggregationWindow >= 30 && aggregationWindow <= 21_600))
        refuse(`aggregationWindow ${aggregationWindow}`)
      if ((aggregationMethod === 'EVENT_TIMER') !== (aggregationTimer !== undefined))
        refuse('aggregationTimer belongs to EVENT_TIMER')
      if ((aggregationMethod !== 'EVENT_TIMER') !== (aggregationDelay !== undefined))
        refuse('aggregationDelay belongs to the others')
      if (
        slideBy !== undefined &&
        (slideBy < 30 || slideBy >= aggregationWindow || aggregationWindow % slideBy !== 0)
      )
        refuse(`slideBy ${slideBy}`)
      if ((fillOption === 'STATIC') !== (fillValue !== undefined && fillValue !== null))
        refuse('fillValue belongs to STATIC')
      const priorities = terms.map(({ priority }: Json) => priority)
      if (new Set(priorities).size !== priorities.length) refuse('two terms of a priority')
      for (const { thresholdDuration } of terms)
        if (
          thresholdDuration < 60 ||
          thresholdDuration > 86_400 ||
          thresholdDuration % aggregationWindow !== 0
        )
          refuse(`thresholdDuration ${thresholdDuration}`)
      if (expiration.expirationDuration < 30 || expiration.expirationDuration > 172_800)
        refuse('expirationDuration')
      if (violationTimeLimitSeconds < 300 || violationTimeLimitSeconds > 2_592_000)
        refuse('violationTimeLimitSeconds')
      if (runbookUrl !== undefined && !URL.canParse(runbookUrl)) refuse('runbookUrl')
    },
    destination: (input: Json): string | null => properties('destination', input),
    channel(input: Json): string | null {
      if (!state.destinations.some(({ id }) => id === input.destinationId))
        return `no destination ${input.destinationId}`
      return input.product === 'IINT' ? properties('channel', input) : `product ${input.product}`
    },
    workflow({ destinationConfigurations, issuesFilter }: Json, own: string | null): Json {
      for (const { channelId } of destinationConfigurations) {
        if (!state.channels.some(({ id }) => id === channelId))
          return { type: 'CHANNEL_NOT_FOUND', description: channelId }
        const other = state.workflows.find(
          (each) =>
            each.id !== own &&
            each.destinationConfigurations.some((one: Json) => one.channelId === channelId),
        )
        if (other !== undefined)
          return { type: 'INVALID_PARAMETER', description: `channel ${channelId} is of ${other.name}` }
      }
      return JSON.stringify(issuesFilter).length > 4096
        ? { type: 'INVALID_PARAMETER', description: 'filter is too long' }
        : null
    },
    dashboard({ name: title, pages }: Json): string | null {
      if (title.length > 255 || pages.length < 1) return 'name or pages'
      for (const { layout, visualization, rawConfiguration } of pages.flatMap(
        ({ widgets }: Json) => widgets,
      )) {
        const { column, row, width, height } = layout
        if (column < 1 || width < 1 || column + width > 13 || row < 1 || height < 1)
          return `layout ${JSON.stringify(layout)}`
        if (!VISUALIZATIONS.has(visualization.id)) return `visualization ${visualization.id}`
        const queries = rawConfiguration?.nrqlQueries ?? []
        if (
          queries.length === 0 ||
          queries.some(
            (each: Json) => !Array.isArray(each.accountIds) || !/^SELECT .* FROM /.test(each.query),
          )
        )
          return 'nrqlQueries'
      }
      return null
    },
  }
}
