// Which migrations were written, what the schema still needs, and what was not written and why.

import type { WrittenMigrations } from '../app/advise/write-prisma-migration.ts'
import { plain } from './render-check.ts'

export function renderMigrations({ migrationsDir, files, refused, notes }: WrittenMigrations): string {
  const lines = files.length === 0 ? ['no migration was written'] : [`written to ${migrationsDir}:`]
  for (const { path, line } of files) {
    lines.push(`  ${path}`)
    if (line.kind === 'line') lines.push(`    add to model ${line.model} in ${line.path}:  ${line.text}`)
  }
  for (const { name, because } of refused) lines.push(`not written  ${name}: ${because}`)
  return `${[...lines, ...notes].map(plain).join('\n')}\n`
}
