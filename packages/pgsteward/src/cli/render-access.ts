// Tokens, sessions and the audit log for a terminal. Times are those of this machine.

import type { AccessSessionWire, AccessTokenWire, AuditEntryWire } from '../model/access-wire.ts'
import { textTable } from '../report/text-table.ts'
import type { paint } from './paint.ts'
import { plain } from './render-check.ts'

type Paint = ReturnType<typeof paint>

export function tokenLines(tokens: readonly AccessTokenWire[], now: Date, { bold, dim }: Paint): string {
  if (tokens.length === 0)
    return 'No tokens; the admin token alone opens the API beyond loopback. pgsteward token create makes one.\n'
  return table(
    tokens.map((token) => [
      bold(plain(token.name)),
      token.role,
      token.targets === null ? 'all targets' : plain(token.targets.join(', ')),
      standing(token, now),
      dim(token.lastUsedAt === null ? 'never used' : `used ${moment(token.lastUsedAt)}`),
    ]),
  )
}

function standing({ revokedAt, revokedBy, expiresAt }: AccessTokenWire, now: Date): string {
  if (revokedAt !== null) return `revoked ${moment(revokedAt)} by ${plain(revokedBy ?? '')}`
  if (expiresAt === null) return 'does not expire'
  return `${new Date(expiresAt) > now ? 'expires' : 'expired'} ${moment(expiresAt)}`
}

export function sessionLines(sessions: readonly AccessSessionWire[], { bold, dim }: Paint): string {
  if (sessions.length === 0) return 'Nobody is signed in.\n'
  return table(
    sessions.map((session) => [
      session.id,
      bold(plain(session.actor)),
      session.role,
      `since ${moment(session.createdAt)}`,
      `seen ${moment(session.lastSeenAt)}`,
      dim(plain(`${session.address} ${session.agent}`)),
    ]),
  )
}

export function auditLines(entries: readonly AuditEntryWire[], { bold, dim, red }: Paint): string {
  if (entries.length === 0) return 'Nothing was asked that writes, and nothing refused.\n'
  return table(
    entries.map((entry) => [
      moment(entry.at),
      bold(plain(entry.actor ?? 'nobody known')),
      entry.outcome === 'done' ? 'done' : red(`${entry.outcome} (${entry.status})`),
      plain(`${entry.action.split(' ')[0]} ${entry.path}`),
      dim(plain([entry.address, entry.because].filter((each) => each !== null).join(': '))),
    ]),
  )
}

function table(rows: readonly (readonly string[])[]): string {
  return `${textTable(rows, Array(rows[0]!.length).fill('left'), '').join('\n')}\n`
}

function moment(text: string): string {
  const at = new Date(text)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`
}
