import { afterAll, beforeAll, describe } from 'vitest'
import { createDatabase, type TestDatabase } from '../../test/postgres/database.ts'
import { storeContract } from '../../test/store/contract.ts'
import { openStore } from './open-store.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createDatabase()
})
afterAll(() => database.drop())

describe('the store on a server', () => storeContract({ open: () => openStore({ url: database.url }) }))
