// npm start: the demo; npm start -- postgres://...: watches that database.

import { fileURLToPath } from 'node:url'

const args = process.argv.slice(2)
const command =
  args.length === 0 || args[0].startsWith('-')
    ? 'demo'
    : /^postgres(ql)?:/.test(args[0]) || args[0].includes('://')
      ? 'watch'
      : null
process.argv = [
  process.argv[0],
  fileURLToPath(new URL('../packages/pgsteward/bin/pgsteward.js', import.meta.url)),
  ...(command === null ? [] : [command]),
  ...args,
]
await import('../packages/pgsteward/bin/pgsteward.js')
