import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe } from 'vitest'
import { storeContract } from '../../test/store/contract.ts'
import { openStore } from './open-store.ts'

const dir = mkdtempSync(join(tmpdir(), 'pgsteward-store-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

describe('the embedded store', () => storeContract({ open: () => openStore({ dir }) }))
