// How the shop has configured pgsteward: who is on call when, who decides on changes, which reports go where.

import { type Config, configSchema } from '../../packages/pgsteward/src/app/config/config-schema.ts'
import { ALL_CHECKS } from '../../packages/pgsteward/src/checks/all.ts'
import { TARGET, TIME_ZONE } from './calendar.ts'

export const TEAM = {
  anna: 'Anna Weber',
  ben: 'Ben Okafor',
  carla: 'Carla Rossi',
  david: 'David Nowak',
  eva: 'Eva Lindqvist',
} as const
export type Person = keyof typeof TEAM

export interface ConfigOptions {
  readonly shopUrl: string
  /** Takes what is told to each person and to the team, by the last part of its path. */
  readonly pagerUrl: string
  /** Where reports are written. */
  readonly folder: string
}

export function quarterConfig({ shopUrl, pagerUrl, folder }: ConfigOptions): Config {
  const webhook = (name: string) => ({
    type: 'webhook',
    url: `${pagerUrl}/${name}`,
    secret: 'a secret of the simulated quarter',
  })
  return configSchema(ALL_CHECKS).parse({
    targets: [
      {
        id: TARGET,
        url: shopUrl,
        maintenanceUrl: shopUrl,
        labels: { environment: 'production' },
      },
    ],
    maintenance: {
      windows: [{ from: '02:00', to: '05:00', timeZone: TIME_ZONE }],
      // the real database is a small one beside the simulated one
      analyze: false,
      vacuum: false,
      rebuild: false,
    },
    team: Object.fromEntries(
      Object.entries(TEAM).map(([id, name]) => [
        id,
        {
          name,
          timeZone: TIME_ZONE,
          channels: [id],
          // Carla's holidays, in which her week falls
          ...(id === 'carla' ? { away: [{ from: '2026-09-14', until: '2026-09-27' }] } : {}),
        },
      ]),
    ),
    onCall: {
      timeZone: TIME_ZONE,
      rotations: [{ people: ['anna', 'ben', 'carla', 'david'], since: '2026-08-03' }],
      escalation: { l3: { people: ['eva'] } },
    },
    changes: {
      board: ['anna', 'ben', 'eva'],
      standard: [{ type: 'setting', upTo: 'low' }],
    },
    alerts: {
      channels: {
        team: webhook('team'),
        ...Object.fromEntries(Object.keys(TEAM).map((id) => [id, webhook(id)])),
      },
      // what pages somebody goes by the rotation
      routes: [{ channels: ['team'] }],
    },
    reports: {
      folder,
      timeZone: TIME_ZONE,
      daily: { channels: ['team'] },
      weekly: { channels: ['team'] },
      monthly: { channels: ['team'] },
    },
  })
}
