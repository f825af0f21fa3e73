import { expect, test } from 'vitest'
import { hashPassword, isPassword } from './passwords.ts'

test('a password fits its own hash only, and each hash has a salt of its own', async () => {
  const hash = await hashPassword('pâssword one')
  expect(hash).toMatch(/^scrypt\$16384\$8\$1\$[\w-]{22}\$[\w-]{43}$/)
  expect(await hashPassword('pâssword one')).not.toBe(hash)
  expect(await isPassword('pâssword one', hash)).toBe(true)
  expect(await isPassword('pâssword one'.normalize('NFD'), hash)).toBe(true)
  expect(await isPassword('password one', hash)).toBe(false)
})

test('nobody, and a hash of another kind, have no password', async () => {
  expect(await isPassword('', null)).toBe(false)
  expect(await isPassword('x', 'md5$abc')).toBe(false)
})
