import { expect, test } from 'vitest'
import { alertMessageRow } from '../../test/notify/alert-rows.ts'
import { circumstances } from './alert-words.ts'

test('who is on call is told while somebody has to act, and no longer', () => {
  const onCall = 'Anna Weber (primary), Ben Okafor (secondary)'
  const told = (event: 'opened' | 'escalated' | 'acknowledged' | 'resolved') =>
    circumstances(alertMessageRow({ event, onCall })).includes(`on call: ${onCall}`)
  expect([told('opened'), told('escalated'), told('acknowledged'), told('resolved')]).toEqual([
    true,
    true,
    false,
    false,
  ])
  expect(circumstances(alertMessageRow({ event: 'opened' }))).not.toContain('on call')
})
