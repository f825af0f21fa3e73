// Copies what tsc leaves behind into dist: the store's .sql migrations. Runs after `tsc -b`, and again as often as one likes.

import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const FOLDERS = ['store/migrations']

const root = join(import.meta.dirname, '..')
for (const folder of FOLDERS) {
  const to = join(root, 'dist', folder)
  // a renamed or removed file must not live on in the package
  rmSync(to, { recursive: true, force: true })
  mkdirSync(to, { recursive: true })
  cpSync(join(root, 'src', folder), to, { recursive: true })
  console.log(`${folder}: ${readdirSync(to).length} file(s) copied to dist`)
}
