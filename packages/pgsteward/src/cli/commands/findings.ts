// pgsteward findings: what is known, from the store; mute and unmute with a reason.

import { decideOnFinding, findFinding } from '../../app/decide-on-finding.ts'
import { loadConfig } from '../../app/load-config.ts'
import { openConfiguredStore } from '../../app/open-configured-store.ts'
import { findingView } from '../../app/views/finding-view.ts'
import { ALL_CHECKS } from '../../checks/all.ts'
import { byUrgency } from '../../evaluate/track.ts'
import { EXIT } from '../../model/error.ts'
import type { OpenFinding } from '../../model/open-finding.ts'
import { formatDuration, formatEvidence } from '../../report/format.ts'
import { CONFIG_OPTION, defineCommand, JSON_OPTION } from '../command.ts'
import { paint } from '../paint.ts'
import { plain, severityWord } from '../render-check.ts'
import { SERVER_OPTIONS, serverFlags } from '../server-options.ts'

export const findings = defineCommand({
  name: 'findings',
  usage: 'findings [mute|unmute KEY --reason TEXT --for 7d] [--target ID] [--all]',
  summary: 'list the findings that the store knows; mute one with a reason and an end',
  description:
    'Reads the store; an embedded one must not be in use by a running pgsteward (use the dashboard then). A muted finding comes back ' +
    'when its time is over or when it grows worse. A critical one can be muted for seven days at most, others for ninety.',
  examples: [
    'pgsteward findings',
    'pgsteward findings mute unused-index:index/shop/public/orders_note --reason "needed at year end" --for 60d',
  ],
  options: {
    target: { type: 'string', example: 'ID', help: 'of this target alone' },
    all: { type: 'boolean', help: 'also the muted and the resolved ones' },
    reason: { type: 'string', example: 'TEXT', help: 'why it is muted or unmuted; kept in the record' },
    for: { type: 'string', example: '7d', help: 'how long it is muted (default 7d)' },
    actor: { type: 'string', example: 'NAME', help: 'who decides (default: the USER of the environment)' },
    store: SERVER_OPTIONS.store,
    'store-dir': SERVER_OPTIONS['store-dir'],
    ...CONFIG_OPTION,
    ...JSON_OPTION,
  },
  async run([action, key], options, { terminal, cwd, env }) {
    const { config } = await loadConfig({
      checks: ALL_CHECKS,
      cwd,
      env,
      ...(options.config === undefined ? {} : { file: options.config }),
      flags: serverFlags(options),
    })
    const store = await openConfiguredStore(config, cwd)
    try {
      if (action !== undefined) {
        const finding = await findFinding(store, key, options.target)
        await decideOnFinding(
          store,
          action,
          finding,
          {
            reason: options.reason,
            forText: options.for ?? '7d',
            actor: options.actor ?? env.USER ?? 'cli',
          },
          new Date(),
        )
        terminal.out(`${action === 'mute' ? 'muted' : 'unmuted'}: ${plain(finding.summary)}\n`)
        return EXIT.clean
      }
      const states = options.all
        ? (['open', 'pending', 'muted', 'resolved'] as const)
        : (['open', 'pending'] as const)
      const found = [
        ...(await store.findings({
          states,
          ...(options.target === undefined ? {} : { targetId: options.target }),
        })),
      ].sort(byUrgency)
      terminal.out(
        options.json
          ? `${JSON.stringify(found.map(findingView), null, 2)}\n`
          : listing(found, terminal.isColoured, new Date()),
      )
      return EXIT.clean
    } finally {
      await store.close()
    }
  },
})

function listing(found: readonly OpenFinding[], isColoured: boolean, now: Date): string {
  const { bold, dim } = paint(isColoured)
  if (found.length === 0)
    return 'No findings. Either all is well, or nothing has been watched yet: pgsteward watch URL\n'
  return found
    .map((finding) => {
      const age = formatDuration(now.getTime() - finding.firstSeenAt.getTime())
      const state = finding.state === 'open' ? '' : ` [${finding.state}]`
      return [
        `${severityWord(finding.severity, isColoured)} ${bold(plain(finding.summary))}${state}  ${dim(`for ${age}`)}`,
        `         ${plain(formatEvidence(finding.evidence))}`,
        dim(`         ${plain(finding.key)}`),
        '',
      ].join('\n')
    })
    .join('')
}
