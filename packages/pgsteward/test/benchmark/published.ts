// A project as a user has it: pgsteward in node_modules as JavaScript behind its published exports, in a temporary folder.

import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'

const packageFolder = resolve(import.meta.dirname, '../..')
const source = join(packageFolder, 'src')
export const repository = resolve(packageFolder, '../..')

/** `entries` are files below src; what they import comes along. */
export function projectWith(entries: readonly string[], files: Readonly<Record<string, string>>): string {
  const project = mkdtempSync(join(tmpdir(), 'pgsteward-user-'))
  publishInto(project, entries)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, path)), { recursive: true })
    writeFileSync(join(project, path), text)
  }
  return project
}

export function publishInto(project: string, entries: readonly string[]): void {
  const published = join(project, 'node_modules/pgsteward')
  mkdirSync(published, { recursive: true })
  const { name, version, type, exports } = JSON.parse(
    readFileSync(join(packageFolder, 'package.json'), 'utf8'),
  )
  writeFileSync(join(published, 'package.json'), JSON.stringify({ name, version, type, exports }))
  const done = new Set<string>()
  const todo = entries.map((entry) => join(source, entry))
  for (let file = todo.pop(); file !== undefined; file = todo.pop()) {
    if (done.has(file)) continue
    done.add(file)
    const script = stripTypeScriptTypes(readFileSync(file, 'utf8'))
    for (const [, imported] of script.matchAll(/(?:from|import)\s+'(\.[^']+)'/g))
      todo.push(resolve(dirname(file), imported!))
    const target = join(published, 'dist', relative(source, file).replace(/\.ts$/, '.js'))
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, script.replaceAll(/((?:from|import)\s+'\.[^']+)\.ts'/g, "$1.js'"))
  }
  mkdirSync(join(project, 'node_modules/@pgsteward'), { recursive: true })
  for (const dependency of ['zod', 'hdr-histogram-js', '@pgsteward/instrument', 'vitest', 'vite'])
    symlinkSync(join(repository, 'node_modules', dependency), join(project, 'node_modules', dependency))
}
