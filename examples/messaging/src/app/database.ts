// One pool for Prisma and for the few statements that are plain SQL.

import { prismaComments, prismaExtension } from '@pgsteward/instrument/prisma'
import { PrismaPg } from '@prisma/adapter-pg'
import pg from 'pg'
import { PrismaClient } from '../generated/prisma/client.ts'

export interface Database {
  readonly prisma: PrismaClient
  readonly pool: pg.Pool
  readonly close: () => Promise<void>
}

export interface Session {
  /** What PostgreSQL calls its sessions. */
  readonly name: string
  readonly readOnly: boolean
}

const PRIMARY: Session = { name: 'messaging-api', readOnly: false }

export function openDatabase(
  connectionString: string,
  poolSize: number,
  { name, readOnly }: Session = PRIMARY,
): Database {
  const pool = new pg.Pool({
    connectionString,
    max: poolSize,
    application_name: name,
    ...(readOnly ? { options: '-c default_transaction_read_only=on' } : {}),
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
  })
  pool.on('error', () => {}) // an idle connection broke, the server restarts perhaps; the pool opens another
  const client = new PrismaClient({ adapter: new PrismaPg(pool), comments: [prismaComments()] })
  // the extension tells where in the source an operation was called; it changes no type
  const prisma = client.$extends(prismaExtension()) as unknown as PrismaClient
  return {
    prisma,
    pool,
    close: async () => {
      await prisma.$disconnect()
      await pool.end()
    },
  }
}
