// What an index that appeared did, in a word with a picture; what the word means, on hover and on its sheet.

import type { ReactNode } from 'react'
import { Icon, type IconName } from '../icon.tsx'
import type { Verdict } from './advice-types.ts'

const LOOKS: Readonly<Record<Verdict, { icon: IconName; kind: string; word: string; means: string }>> = {
  improved: {
    icon: 'resolved',
    kind: 'resolved',
    word: 'Helped',
    means: 'The calls of before would take less time now.',
  },
  'no-change': {
    icon: 'info',
    kind: 'info',
    word: 'No change',
    means: 'The calls of before would take as long now: the index may not be worth its cost.',
  },
  worse: {
    icon: 'warning',
    kind: 'warning',
    word: 'Worse',
    means: 'The calls of before would take longer now.',
  },
  'too-few-calls': {
    icon: 'pending',
    kind: 'pending',
    word: 'Too few calls',
    means: 'Nothing can be said yet: too few calls on one side.',
  },
  disturbed: {
    icon: 'info',
    kind: 'muted',
    word: 'Disturbed',
    means: 'Something else changed at the same time, and the figures are of both.',
  },
}

export const verdictWord = (verdict: Verdict): string => LOOKS[verdict].word
export const verdictMeaning = (verdict: Verdict): string => LOOKS[verdict].means

export function VerdictBadge(props: { readonly verdict: Verdict }): ReactNode {
  const { icon, kind, word, means } = LOOKS[props.verdict]
  return (
    <span className={`badge is-${kind}`} title={means}>
      <Icon name={icon} /> {word}
    </span>
  )
}
