// Who may use the API, asked of the running pgsteward, or of its store where none runs: an embedded store belongs to whoever runs.

import type { z } from 'zod'
import { AccessDesk } from '../app/access/access-desk.ts'
import { AuditDesk } from '../app/access/audit-desk.ts'
import { keptAdminToken } from '../app/access/kept-admin-token.ts'
import { loadConfig } from '../app/config/load-config.ts'
import { openConfiguredStore } from '../app/open-configured-store.ts'
import { targetId } from '../app/target-id.ts'
import { ALL_CHECKS } from '../checks/all.ts'
import { askServer, serverAt, serverUrl, tokenOf } from './ask-server.ts'
import { CONFIG_OPTION, type CommandContext, JSON_OPTION } from './command.ts'
import { SERVER_OPTIONS as STORE_OPTIONS, serverFlags } from './server-options.ts'

export const ADMIN_OPTIONS = {
  server: {
    type: 'string',
    example: 'URL',
    help: 'the pgsteward that runs there (default: that of the configuration; its store where none runs)',
  },
  store: STORE_OPTIONS.store,
  'store-dir': STORE_OPTIONS['store-dir'],
  ...CONFIG_OPTION,
  ...JSON_OPTION,
} as const

export interface AdminOptions {
  readonly server?: string
  readonly store?: string
  readonly 'store-dir'?: string
  readonly config?: string
}

export interface AdminQuestion<T extends z.ZodType> {
  /** Below /api/admin/. */
  readonly path: string
  readonly answer: T
  readonly body?: object
  readonly inStore: (desks: {
    readonly access: AccessDesk
    readonly audit: AuditDesk
    readonly adminToken: string
    /** Who runs the command. */
    readonly by: string
  }) => Promise<z.input<T>>
}

/** Needs an admin's token, or the store. */
export async function askAdmin<T extends z.ZodType>(
  { cwd, env }: Pick<CommandContext, 'cwd' | 'env'>,
  options: AdminOptions,
  { path, answer, body, inStore }: AdminQuestion<T>,
): Promise<z.output<T>> {
  const { config } = await loadConfig({
    checks: ALL_CHECKS,
    cwd,
    env,
    ...(options.config === undefined ? {} : { file: options.config }),
    flags: serverFlags(options),
  })
  const named = serverUrl(options.server)
  const namesStore = options.store !== undefined || options['store-dir'] !== undefined
  const address = named ?? (namesStore ? null : await serverAt(config))
  if (address !== null) {
    // the token that the server on this machine has made is its own
    const kept = named === null ? keptAdminToken(config.store.dir, cwd) : null
    const token = tokenOf(config) ?? kept ?? undefined
    return askServer({ address, token }, `../admin/${path}`, answer, body)
  }
  const store = await openConfiguredStore(config, cwd)
  const now = () => new Date()
  const targetIds = config.targets.map(targetId)
  const audit = new AuditDesk(store, now)
  const by = env.USER ?? 'cli'
  try {
    const answered = await inStore({
      access: new AccessDesk({ store, limits: config.server, targetIds, now }),
      audit,
      adminToken: config.server.adminToken ?? keptAdminToken(config.store.dir, cwd) ?? '',
      by,
    })
    if (body !== undefined)
      await audit.note({
        actor: by,
        role: 'admin',
        by: 'open',
        address: 'command line',
        action: 'POST',
        path: `/api/admin/${path}`,
        target: null,
        status: 200,
        because: null,
      })
    return answer.parse(answered)
  } finally {
    await store.close()
  }
}
