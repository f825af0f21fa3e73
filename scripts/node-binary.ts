// The Node of another major, as bootstrap.mjs installs it for the tests.

import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '..')

/** It may not be there: after npm start alone, and where no such build exists. */
export function nodeBinary(major: number): string {
  const isWindows = process.platform === 'win32'
  const name = `node-${isWindows ? 'win' : process.platform}-${process.arch}`
  const folder = join(ROOT, 'node_modules/.cache/node', `${major}`, 'node_modules', name)
  return join(folder, 'bin', isWindows ? 'node.exe' : 'node')
}
