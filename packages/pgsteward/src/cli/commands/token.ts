// pgsteward token: who may use the API of a running pgsteward, as what, and until when.

import { z } from 'zod'
import { ROLES } from '../../model/access.ts'
import { accessTokenWire, madeTokenWire, newTokenWire } from '../../model/access-wire.ts'
import { EXIT, StewardError } from '../../model/error.ts'
import { parseDuration } from '../../model/units.ts'
import { ADMIN_OPTIONS, askAdmin } from '../admin-server.ts'
import { oneOf } from '../arguments.ts'
import { defineCommand } from '../command.ts'
import { paint } from '../paint.ts'
import { tokenLines } from '../render-access.ts'

export const tokenCreate = defineCommand({
  name: 'token create',
  usage: 'token create --role viewer|operator|admin --name NAME [--expires 90d] [--target ID]',
  summary: 'make a token for a person or a program; it is shown this once',
  description:
    'A viewer reads; an operator also acknowledges, silences, decides on changes and maintenance, writes records and has reports made; an ' +
    'admin also makes tokens, ends sessions, reads the audit log and takes records in and out. The name is who acts in records and in the ' +
    'audit log, whatever a request says. With --target the token sees those targets alone. The store keeps a hash, so a lost token is ' +
    'revoked and another made. People sign in to the dashboard with it.',
  examples: [
    'pgsteward token create --role operator --name ada --expires 90d',
    'pgsteward token create --role viewer --name prometheus --target shop',
  ],
  options: {
    role: { type: 'string', example: 'ROLE', help: `${ROLES.join(', ')} (default viewer)` },
    name: { type: 'string', example: 'NAME', help: 'who it is for: letters, digits and . _ @ + -' },
    expires: { type: 'string', example: '90d', help: 'after this time (default: never)' },
    target: {
      type: 'string',
      multiple: true,
      example: 'ID',
      help: 'sees this target alone; may be repeated',
    },
    ...ADMIN_OPTIONS,
  },
  async run(_, options, { terminal, ...context }) {
    const expiresMs = options.expires === undefined ? null : parseDuration(options.expires)
    if (options.expires !== undefined && (expiresMs === null || expiresMs <= 0))
      throw new StewardError('usage', `--expires ${options.expires} is not a duration`, {
        hint: 'Write it as 90d.',
      })
    const wanted = newTokenWire.safeParse({
      name: options.name ?? '',
      role: oneOf('--role', options.role, ROLES, 'viewer'),
      ...(options.target === undefined ? {} : { targets: options.target }),
      ...(expiresMs === null ? {} : { expiresAt: new Date(Date.now() + expiresMs).toISOString() }),
    })
    if (!wanted.success)
      throw new StewardError('usage', `--name ${options.name ?? ''} cannot be the name of a token`, {
        detail: wanted.error.issues[0]!.message,
        hint: 'Such as ada, or ci-7.',
      })
    const made = await askAdmin(context, options, {
      path: 'tokens',
      answer: madeTokenWire,
      body: wanted.data,
      inStore: ({ access, by }) => access.create(wanted.data, by),
    })
    if (options.json) terminal.out(`${JSON.stringify(made, null, 2)}\n`)
    else {
      terminal.out(`${made.token}\n`)
      terminal.note(`${made.role} ${made.name}; it is not shown again.\n`)
    }
    return EXIT.clean
  },
})

export const tokenList = defineCommand({
  name: 'token list',
  usage: 'token list',
  summary: 'tokens with their roles, when they were used last, and those that were revoked',
  description: 'Never the tokens themselves: only a hash of each is kept.',
  examples: ['pgsteward token list', 'pgsteward token list --json'],
  options: ADMIN_OPTIONS,
  async run(_, options, { terminal, ...context }) {
    const tokens = await askAdmin(context, options, {
      path: 'tokens',
      answer: z.array(accessTokenWire),
      inStore: async ({ access }) => [...(await access.tokens())],
    })
    terminal.out(
      options.json
        ? `${JSON.stringify(tokens, null, 2)}\n`
        : tokenLines(tokens, new Date(), paint(terminal.isColoured)),
    )
    return EXIT.clean
  },
})

export const tokenRevoke = defineCommand({
  name: 'token revoke',
  usage: 'token revoke NAME',
  summary: 'a token opens nothing any more, and its sessions end with it',
  description: 'At once. What was done with it stays in records and in the audit log.',
  examples: ['pgsteward token revoke ada'],
  options: ADMIN_OPTIONS,
  async run([name], options, { terminal, ...context }) {
    if (name === undefined)
      throw new StewardError('usage', 'which token?', { hint: 'pgsteward token list shows their names.' })
    const revoked = await askAdmin(context, options, {
      path: `tokens/${encodeURIComponent(name)}/revoke`,
      answer: accessTokenWire,
      body: {},
      inStore: ({ access, by }) => access.revoke(name, by),
    })
    terminal.out(options.json ? `${JSON.stringify(revoked, null, 2)}\n` : `revoked: ${revoked.name}\n`)
    return EXIT.clean
  },
})
