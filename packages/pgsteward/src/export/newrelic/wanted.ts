// Everything that shall stand in New Relic, as NerdGraph's own inputs, in the order in which it can be made.

import type { Feature, Owner } from '../definitions.ts'
import { dashboardDefinitions } from '../definitions-dashboards.ts'
import { type LimitsByCondition, withLimits } from '../definitions-limits.ts'
import { policyDefinitions } from '../definitions-policies.ts'
import { conditionInput } from './condition-input.ts'
import { dashboardInput } from './dashboard-input.ts'
import { markedName } from './marker.ts'
import { channelOf, type NotificationChannel, workflowInput } from './notification-inputs.ts'

export const KINDS = ['policy', 'condition', 'destination', 'channel', 'workflow', 'dashboard'] as const
export type Kind = (typeof KINDS)[number]

export type Input = Readonly<Record<string, unknown>>

/** `policy errors`: what other objects refer to. */
export const refOf = (kind: Kind, key: string): string => `${kind} ${key}`

export interface WantedObject {
  readonly kind: Kind
  readonly key: string
  readonly name: string
  /** Of a condition: its policy's ref. */
  readonly within: string | null
  /** Ids of others are known only once they are made. */
  readonly input: (idOf: (ref: string) => string) => Input
}

export interface NewRelicSettings {
  readonly accountId: number
  readonly mark: string
  readonly services: readonly string[]
  readonly routes: Readonly<Record<Feature, readonly string[]>>
  readonly limits: LimitsByCondition
  readonly channels: Readonly<Partial<Record<Owner, NotificationChannel>>>
  /** Where the pages docs/checks/ID.md can be read; null: nowhere. */
  readonly runbooks: string | null
}

export function wantedObjects(settings: NewRelicSettings): readonly WantedObject[] {
  const { mark } = settings
  const policies = withLimits(policyDefinitions(settings.routes), settings.limits)
  const objects: WantedObject[] = []
  const add = (kind: Kind, key: string, title: string, input: WantedObject['input'], within?: string) =>
    objects.push({ kind, key, name: markedName(title, mark, key), within: within ?? null, input })

  for (const policy of policies) {
    const name = markedName(policy.title, mark, policy.id)
    // an issue for each condition and service: one that is known does not hide the next
    add('policy', policy.id, policy.title, () => ({
      name,
      incidentPreference: 'PER_CONDITION_AND_TARGET',
    }))
    for (const condition of policy.conditions)
      add(
        'condition',
        condition.id,
        condition.title,
        () => conditionInput(condition, markedName(condition.title, mark, condition.id), settings),
        refOf('policy', policy.id),
      )
  }
  const owners = [...new Set(policies.map(({ owner }) => owner))]
  for (const owner of owners) {
    const configured = settings.channels[owner]
    if (configured === undefined) continue
    const { key, destination, channel } = channelOf(owner, configured)
    const name = markedName(owner, mark, key)
    if (destination !== null) add('destination', key, owner, () => ({ name, ...destination }))
    add('channel', key, owner, (idOf) => ({
      name,
      destinationId:
        configured.type === 'email' || configured.type === 'webhook'
          ? idOf(refOf('destination', key))
          : configured.destinationId,
      ...channel,
    }))
    add('workflow', owner, `Issues for ${owner}`, (idOf) =>
      workflowInput(
        markedName(`Issues for ${owner}`, mark, owner),
        policies.filter((policy) => policy.owner === owner).map(({ id }) => idOf(refOf('policy', id))),
        idOf(refOf('channel', key)),
      ),
    )
  }
  for (const dashboard of dashboardDefinitions(settings.routes))
    add('dashboard', dashboard.id, dashboard.title, () =>
      dashboardInput(dashboard, markedName(dashboard.title, mark, dashboard.id), settings),
    )
  return [...objects].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind))
}

/** Owners of policies whom nobody tells, since they have no channel. */
export function ownersWithoutChannel({ channels, routes }: NewRelicSettings): readonly Owner[] {
  const owners = new Set(policyDefinitions(routes).map(({ owner }) => owner))
  return [...owners].filter((owner) => channels[owner] === undefined)
}
