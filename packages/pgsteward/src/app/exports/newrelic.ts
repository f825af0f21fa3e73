// What the commands about New Relic do: read what stands, say what differs, make it so.

import { setTimeout as sleep } from 'node:timers/promises'
import { type Applied, applyPlan } from '../../export/newrelic/apply.ts'
import { type NerdGraph, openNerdGraph } from '../../export/newrelic/nerdgraph.ts'
import { type Plan, planOf } from '../../export/newrelic/plan.ts'
import { findDashboards, readStanding } from '../../export/newrelic/read-standing.ts'
import { NERDGRAPH_URL } from '../../export/newrelic/regions.ts'
import { type NewRelicSettings, wantedObjects } from '../../export/newrelic/wanted.ts'
import { StewardError } from '../../model/error.ts'
import type { Milliseconds } from '../../model/units.ts'
import { type NewRelicConfig, newRelicSettings } from './newrelic-config.ts'

export { agentConfigFile } from '../../export/newrelic/agent-config.ts'
export type { Plan, Step } from '../../export/newrelic/plan.ts'
export { ownersWithoutChannel } from '../../export/newrelic/wanted.ts'

export interface NewRelic {
  readonly settings: NewRelicSettings
  readonly graph: NerdGraph
  readonly pause: (ms: Milliseconds) => Promise<void>
}

export interface NewRelicOptions {
  /** As `outbound.allow` of the configuration. */
  readonly allow?: readonly string[]
  readonly pause?: NewRelic['pause']
}

/** Throws 'newrelic-settings' where there is no section or no key. */
export function openNewRelic(
  config: NewRelicConfig | undefined,
  env: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
  {
    allow = [],
    // ends early at Ctrl-C: the request that comes after it tells so
    pause = (ms) => sleep(ms, undefined, { signal }).catch(() => undefined),
  }: NewRelicOptions = {},
): NewRelic {
  if (config === undefined)
    throw new StewardError('newrelic-settings', 'the configuration has no exports.newRelic', {
      hint: 'Add exports: { newRelic: { accountId: 1234567 } } to pgsteward.config.ts; docs/guides/new-relic.md has an example.',
    })
  const apiKey = config.apiKey ?? env.NEW_RELIC_API_KEY
  if (apiKey === undefined || apiKey === '')
    throw new StewardError('newrelic-settings', 'there is no key for New Relic', {
      hint: 'Set NEW_RELIC_API_KEY to a user key (NRAK-...): New Relic, API keys, Create a key, User.',
    })
  if (!apiKey.startsWith('NRAK-'))
    throw new StewardError('newrelic-settings', 'the key for New Relic is no user key', {
      detail: 'User keys begin with NRAK-; license and browser keys cannot make policies or dashboards.',
      hint: 'New Relic, API keys, Create a key, User.',
    })
  const url = config.url ?? NERDGRAPH_URL[config.region]
  return {
    settings: newRelicSettings(config),
    graph: openNerdGraph({ url, apiKey, signal, allow, pause }),
    pause,
  }
}

export async function planNewRelic({ settings, graph }: NewRelic): Promise<Plan> {
  return planOf(wantedObjects(settings), await readStanding(graph, settings))
}

/** New Relic's search is seconds behind; a minute is more than was ever said of it. */
const SEARCH_TRIES = 12
const SEARCH_EVERY_MS = 5_000

export interface ApplyOutcome {
  readonly applied: readonly Applied[]
  /** Dashboards that were made and that New Relic's search does not show yet: another run now would make them again. */
  readonly notYetFound: readonly string[]
}

export async function applyNewRelic(
  { settings, graph, pause }: NewRelic,
  plan: Plan,
  onDone: (applied: Applied) => void,
): Promise<ApplyOutcome> {
  const applied = await applyPlan(graph, settings.accountId, plan, onDone)
  const made = applied.filter(({ step }) => step.object.kind === 'dashboard' && step.action === 'create')
  let missing = made
  for (let tries = 0; missing.length > 0 && tries < SEARCH_TRIES; tries++) {
    if (tries > 0) await pause(SEARCH_EVERY_MS)
    const found = new Set((await findDashboards(graph, settings)).map(({ id }) => id))
    missing = missing.filter(({ id }) => !found.has(id))
  }
  return { applied, notYetFound: missing.map(({ step }) => step.object.name) }
}
