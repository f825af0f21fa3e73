// Sessions, tokens and the audit log, as the API speaks of them.

import { z } from 'zod'
import { AUDITED_BY, KNOWN_BY, ROLES } from './access.ts'

const at = z.iso.datetime()

/** GET /session: who asks. `by` null: nobody that is known, and signing in is needed. */
export const sessionWire = z.object({
  by: z.enum(KNOWN_BY).nullable(),
  actor: z.string().nullable(),
  role: z.enum(ROLES).nullable(),
  targets: z.array(z.string()).readonly().nullable(),
  /** Of a session. */
  expiresAt: at.nullable(),
})
export type SessionWire = z.output<typeof sessionWire>

/** POST /session. */
export const signInWire = z.strictObject({ token: z.string().min(1).max(500) })

/** Letters first, so that no name looks like an option; what it is stands in records. */
export const TOKEN_NAME = /^[a-z0-9][a-z0-9._@+-]*$/i

/** POST /api/admin/tokens. */
export const newTokenWire = z.strictObject({
  name: z
    .string()
    .trim()
    .max(100)
    .regex(TOKEN_NAME, 'letters, digits and . _ @ + -')
    // what the admin token, the command line and nobody are called
    .refine((name) => !RESERVED.has(name.toLowerCase()), 'this name is taken by pgsteward itself'),
  role: z.enum(ROLES),
  /** Ids of targets; absent: all. */
  targets: z.array(z.string().min(1)).min(1).optional(),
  expiresAt: at.optional(),
})
export type NewTokenWire = z.output<typeof newTokenWire>
const RESERVED: ReadonlySet<string> = new Set(['admin', 'pgsteward', 'open'])

export const accessTokenWire = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(ROLES),
  targets: z.array(z.string()).readonly().nullable(),
  createdAt: at,
  createdBy: z.string(),
  expiresAt: at.nullable(),
  /** To the minute. */
  lastUsedAt: at.nullable(),
  revokedAt: at.nullable(),
  revokedBy: z.string().nullable(),
})
export type AccessTokenWire = z.output<typeof accessTokenWire>

/** Shown this once. */
export const madeTokenWire = accessTokenWire.extend({ token: z.string() })

export const accessSessionWire = z.object({
  id: z.string(),
  actor: z.string(),
  role: z.enum(ROLES),
  createdAt: at,
  lastSeenAt: at,
  expiresAt: at,
  address: z.string(),
  agent: z.string(),
})
export type AccessSessionWire = z.output<typeof accessSessionWire>

export const AUDIT_OUTCOMES = ['done', 'refused', 'failed'] as const

/** One request that wrote, or was refused. */
export const auditEntryWire = z.object({
  id: z.string(),
  at,
  /** Null: nobody that is known. */
  actor: z.string().nullable(),
  role: z.enum(ROLES).nullable(),
  by: z.enum(AUDITED_BY).nullable(),
  address: z.string(),
  /** `POST /api/v1/changes/:name/:request`; `MCP propose_remedy` of a coding agent. */
  action: z.string(),
  /** The path as it was asked, without its query. */
  path: z.string(),
  target: z.string().nullable(),
  status: z.number(),
  outcome: z.enum(AUDIT_OUTCOMES),
  /** Why it was refused. */
  because: z.string().nullable(),
})
export type AuditEntryWire = z.output<typeof auditEntryWire>

export const auditQueryWire = z.object({
  since: at.optional(),
  actor: z.string().optional(),
  outcome: z.enum(AUDIT_OUTCOMES).optional(),
  /** Entries before this one: the next page. */
  before: z
    .string()
    .regex(/^\d{1,18}$/, 'an id of an entry')
    .optional(),
  limit: z.coerce.number().int().min(1).max(1000).prefault(200),
})
export type AuditQueryWire = z.output<typeof auditQueryWire>
