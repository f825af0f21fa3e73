import { expect, test } from 'vitest'
import { StewardError } from '../model/error.ts'
import { jobError } from './job-error.ts'

/** As pg-boss does it. */
const copied = (error: Error) => ({
  ...error,
  message: error.message,
  stack: error.stack,
  queue: 'retention',
})

test('an error of ours is one again, with what to do', () => {
  const error = new StewardError('store-unreachable', 'the store does not answer', { hint: 'Start it.' })
  const again = jobError(copied(error))
  expect(again).toBeInstanceOf(StewardError)
  expect(again).toMatchObject({ code: 'store-unreachable', message: error.message, hint: 'Start it.' })
})

test('any other keeps its message and its stack', () => {
  const error = new TypeError('x is not a function')
  expect(jobError(copied(error))).toMatchObject({ message: error.message, stack: error.stack })
})

test('an error stays what it is', () => {
  const error = new Error('here')
  expect(jobError(error)).toBe(error)
})
