// The package's front door; the hosts have doors of their own (./pg, ./prisma, ./express, ./fastify).

export type { InstrumentOptions } from './options.ts'
