// The desk of a configuration: its channels, its policy, and what its messages link to.

import { isFlapping } from '../../evaluate/flapping.ts'
import { alertMessage } from '../../notify/alert-message.ts'
import type { Store } from '../../store/store.ts'
import type { Config } from '../config/config-schema.ts'
import type { OnCallDesk } from '../govern/on-call-desk.ts'
import { escalationOf } from '../govern/on-call-setup.ts'
import { configuredChecks } from '../rules/rule-checks.ts'
import { runbookOf } from '../rules/runbook-of.ts'
import { targetId } from '../target-id.ts'
import { digestPlans, policyOf, windowsAt } from './alert-config.ts'
import { alertContext } from './alert-context.ts'
import { AlertDesk } from './alert-desk.ts'
import { channelOf } from './channel-of.ts'
import { DigestDesk } from './digest-desk.ts'

export interface DeskRequest {
  readonly config: Config
  readonly store: Store
  readonly now: () => Date
  readonly chance: () => number
  readonly onTrouble: (text: string) => void
  readonly onCall: OnCallDesk
  readonly onSteps?: (targetId: string) => void
}

export function openAlertDesk({
  config,
  store,
  now,
  chance,
  onTrouble,
  onCall,
  onSteps,
}: DeskRequest): AlertDesk {
  const titles = new Map(configuredChecks(config).map(({ id, title }) => [id, title]))
  const labels = new Map(config.targets.map((target) => [targetId(target), target.labels]))
  return new AlertDesk({
    store,
    channels: Object.entries(config.alerts.channels).map(([id, channel]) =>
      channelOf(id, channel, config.outbound.allow),
    ),
    policy: {
      ...policyOf(config.alerts),
      ...(onCall.setup === null ? {} : { escalation: escalationOf(onCall.setup) }),
    },
    onCall: () => onCall.forAlerts(),
    windows: (at) => windowsAt(config.alerts, at),
    messageOf: (finding, news, at) =>
      alertMessage(finding, news, {
        labels: labels.get(finding.targetId) ?? {},
        title: titles.get(finding.checkId) ?? finding.checkId,
        runbook: runbookOf(config, finding.checkId),
        isFlapping: isFlapping(finding.openings),
        dashboardUrl: config.server.publicUrl ?? null,
        now: at,
      }),
    digests: new DigestDesk({
      store,
      plans: digestPlans(config.alerts, config.outbound.allow),
      targetIds: config.targets.map(targetId),
      dashboardUrl: config.server.publicUrl ?? null,
      now,
      chance,
      onTrouble,
    }),
    contextOf: (finding, at) => alertContext(store, finding, at),
    now,
    chance,
    onTrouble,
    ...(onSteps === undefined ? {} : { onSteps }),
  })
}
