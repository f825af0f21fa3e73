// Copies what TypeScript does not: the store's migrations, the built dashboard and the checks' pages, for the published package.

import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const repository = join(root, '../..')
const copies = [
  [join(root, 'src/store/migrations'), join(root, 'dist/store/migrations')],
  [join(repository, 'packages/dashboard/dist'), join(root, 'dist/assets/dashboard')],
  [join(repository, 'docs/checks'), join(root, 'dist/assets/docs/checks')],
  [join(repository, 'docs/logs'), join(root, 'dist/assets/docs/logs')],
  [join(repository, 'docs/runbooks'), join(root, 'dist/assets/docs/runbooks')],
  // resources of pgsteward mcp, and the template of load sweep --playbook
  [join(repository, 'docs/guides'), join(root, 'dist/assets/docs/guides')],
]
for (const [from, to] of copies) {
  if (!existsSync(from)) throw new Error(`${from} is missing; npm run build in the repository makes it`)
  rmSync(to, { recursive: true, force: true })
  mkdirSync(dirname(to), { recursive: true })
  cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith('.ts') })
}
