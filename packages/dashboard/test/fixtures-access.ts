// Tokens, who is signed in and the audit log, as an admin is told of them.

const AT = '2026-11-20T08:00:00.000Z'

export const ADMIN = {
  by: 'session',
  actor: 'admin',
  role: 'admin',
  targets: null,
  expiresAt: '2027-01-01T00:00:00.000Z',
}

const token = (name: string, role: string, over: object = {}) => ({
  id: name,
  name,
  role,
  targets: null,
  createdAt: AT,
  createdBy: 'admin',
  expiresAt: null,
  lastUsedAt: AT,
  revokedAt: null,
  revokedBy: null,
  ...over,
})

export const tokens = [
  token('ada', 'operator', { targets: ['messaging'] }),
  token('ci', 'viewer', { expiresAt: '2027-01-01T00:00:00.000Z' }),
  token('kim', 'viewer', { revokedAt: AT, revokedBy: 'admin' }),
]

export const sessions = [
  {
    id: '7',
    actor: 'ada',
    role: 'operator',
    createdAt: AT,
    lastSeenAt: AT,
    expiresAt: '2026-12-01T00:00:00.000Z',
    address: '192.0.2.1',
    agent:
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36',
  },
]

export const audit = Array.from({ length: 12 }, (_, place) => ({
  id: String(20 - place),
  at: AT,
  actor: place % 3 === 0 ? 'vera' : 'ada',
  role: place % 3 === 0 ? 'viewer' : 'operator',
  by: 'token',
  address: '192.0.2.1',
  action: place % 2 === 0 ? 'POST /api/v1/changes' : 'POST /api/v1/maintenance/approve',
  path: place % 2 === 0 ? '/api/v1/changes' : '/api/v1/maintenance/approve',
  target: place % 2 === 0 ? null : 'messaging',
  status: place % 3 === 0 ? 403 : 200,
  outcome: place % 3 === 0 ? 'refused' : 'done',
  because: place % 3 === 0 ? 'this takes the role operator; vera has the role viewer' : null,
}))
