// The desk of a configuration: what it makes, where it writes, whom it tells.

import type { Store } from '../../store/store.ts'
import { channelOf } from '../alerts/channel-of.ts'
import type { Config } from '../config/config-schema.ts'
import { targetId } from '../target-id.ts'
import { reportPlans } from './report-config.ts'
import { type BuildReport, ReportDesk } from './report-desk.ts'

export interface ReportDeskRequest {
  readonly config: Config
  readonly store: Store
  readonly build: BuildReport
  readonly now: () => Date
  readonly chance: () => number
  readonly onTrouble: (text: string) => void
}

export function openReportDesk({ config, ...request }: ReportDeskRequest): ReportDesk {
  const { folder, formats, keepFiles, timeZone } = config.reports
  return new ReportDesk({
    ...request,
    plans: reportPlans(config.reports),
    targetIds: config.targets.map(targetId),
    timeZone,
    channels: Object.entries(config.alerts.channels).map(([id, channel]) =>
      channelOf(id, channel, config.outbound.allow),
    ),
    files: folder === undefined ? null : { folder, formats, keepMs: keepFiles === false ? null : keepFiles },
    dashboardUrl: config.server.publicUrl ?? null,
  })
}
