// Generates the Prisma client into src/generated/prisma; nothing is downloaded. Plain JavaScript, as a part of setting up.

import { runPrisma } from './prisma.mjs'

process.exitCode = runPrisma(['generate'], { quiet: true })
