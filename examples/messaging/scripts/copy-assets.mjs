// Copies what TypeScript does not, for the published package: the statements that make the demo's data.

import { cpSync, rmSync } from 'node:fs'

const [from, to] = ['../src/sql', '../dist/sql'].map((path) => new URL(path, import.meta.url))
rmSync(to, { recursive: true, force: true })
cpSync(from, to, { recursive: true })
