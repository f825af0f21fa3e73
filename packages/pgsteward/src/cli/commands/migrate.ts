// pgsteward migrate: brings a store to this version's schema, for those who let a role of its own do that.

import { loadConfig } from '../../app/config/load-config.ts'
import { openConfiguredStore } from '../../app/open-configured-store.ts'
import { ALL_CHECKS } from '../../checks/all.ts'
import { EXIT } from '../../model/error.ts'
import { formatBytes } from '../../report/format.ts'
import { CONFIG_OPTION, defineCommand } from '../command.ts'
import { SERVER_OPTIONS, serverFlags } from '../server-options.ts'

export const migrate = defineCommand({
  name: 'migrate',
  usage: 'migrate [--store URL]',
  summary: "bring the store's schema to this version",
  description:
    'Every command does this by itself when it opens a store; run it apart where the watching role may not create tables.',
  examples: ['pgsteward migrate --store postgres://owner:secret@history.example.com/pgsteward'],
  options: { store: SERVER_OPTIONS.store, 'store-dir': SERVER_OPTIONS['store-dir'], ...CONFIG_OPTION },
  async run(_positionals, options, { terminal, cwd, env }) {
    const { config } = await loadConfig({
      checks: ALL_CHECKS,
      cwd,
      env,
      ...(options.config === undefined ? {} : { file: options.config }),
      flags: serverFlags(options),
    })
    const store = await openConfiguredStore(config, cwd, (text) => terminal.progress(text))
    try {
      terminal.out(`the ${store.kind} store is up to date, ${formatBytes(await store.sizeBytes())}\n`)
      return EXIT.clean
    } finally {
      await store.close()
    }
  },
})
