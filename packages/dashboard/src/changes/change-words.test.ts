import { describe, expect, it } from 'vitest'
import {
  changeState,
  completionWords,
  launchBadge,
  mayBeAsked,
  rehearsalBadge,
  STATE_WORDS,
} from './change-words.ts'

const completion = { due: 5, reviewed: 4, onTime: 3, overdue: 1, onTimeRatio: 0.75 }

describe('changes in words', () => {
  it('says how a closed one ended', () => {
    expect(changeState({ state: 'closed', closedAs: 'rolled back' })).toBe('Closed: rolled back')
    expect(changeState({ state: 'open', closedAs: null })).toBe('To decide')
  })
  it('asks of each state what the server allows, and of a closed one nothing', () => {
    const states = Object.keys(STATE_WORDS) as (keyof typeof STATE_WORDS)[]
    expect(states.filter((state) => mayBeAsked(state).length === 0)).toEqual(['closed'])
    expect(mayBeAsked('applied')).not.toContain('close')
  })
  it('tells how many reviews were done, on time and not at all', () => {
    const reviews = Array.from({ length: 17 }) as []
    expect(completionWords({ reviews, completion })).toBe(
      '4 of 17 reviews done, 75 % of those due on time, 1 overdue',
    )
    const none = { due: 0, reviewed: 0, onTime: 0, overdue: 0, onTimeRatio: null }
    expect(completionWords({ reviews, completion: none })).toBe('0 of 17 reviews done')
  })
  it('colours what wants somebody', () => {
    expect(launchBadge({ state: 'open', completion })).toBe('is-warning')
    expect(launchBadge({ state: 'closed', completion })).toBe('is-muted')
    expect(rehearsalBadge({ verdict: 'failed' })).toBe('is-critical')
  })
})
