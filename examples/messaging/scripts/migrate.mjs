// Applies the migrations that DATABASE_URL lacks; other commands of prisma migrate may be given: npm run migrate -- status

import { runPrisma } from './prisma.mjs'

const [command = 'deploy', ...rest] = process.argv.slice(2)
process.exitCode = runPrisma(['migrate', command, ...rest])
