// What is said about a change: a vote, a decision, what was applied, what came of it, its end.

import type { ChangeDetailWire } from 'pgsteward/wire'
import { type ReactNode, useState } from 'react'
import { ActionSheet, Choice, isReason, Reason } from '../action-sheet.tsx'
import { ASK_WORDS, type ChangeAsk } from './change-words.ts'

const VOTES = [
  ['For it', 'approve'],
  ['Against', 'reject'],
  ['Abstain', 'abstain'],
] as const
const DECISIONS = [
  ['Approved', 'approved'],
  ['Rejected', 'rejected'],
  ['Deferred', 'deferred'],
  ['Emergency', 'emergency'],
] as const
const WORKED = [
  ['As meant', true],
  ['Not as meant', false],
] as const

const SAYS: Readonly<Record<ChangeAsk, string>> = {
  vote: 'As soon as no vote that is still out can turn it, it is decided.',
  decide: 'By the votes there are. An emergency is approved without them; the next meeting looks back on it.',
  apply: 'What maintenance applies for its findings is added by itself.',
  verify: 'With numbers, where there are any.',
  'roll-back': 'What maintenance takes back is added by itself.',
  close: 'Nothing can be added to it any more.',
}
const LABELS: Readonly<Record<ChangeAsk, string>> = {
  vote: 'Why',
  decide: 'Why: the record keeps it',
  apply: 'What was applied: statements, versions, settings',
  verify: 'What came of it',
  'roll-back': 'Why: the record keeps it',
  close: 'What remains to be said',
}

export function ChangeSheet(props: {
  readonly change: ChangeDetailWire
  readonly ask: ChangeAsk
  readonly onDone: () => void
  readonly onClose: () => void
}): ReactNode {
  const { change, ask, onDone, onClose } = props
  const [text, setText] = useState('')
  const [what, setWhat] = useState('')
  const [vote, setVote] = useState<(typeof VOTES)[number][1]>('approve')
  const [decision, setDecision] = useState<(typeof DECISIONS)[number][1]>(change.tally.outcome ?? 'deferred')
  const [worked, setWorked] = useState(true)
  const said = text.trim()
  const body = (): object => {
    switch (ask) {
      case 'vote':
        return { vote, reason: said }
      case 'decide':
        return decision === 'emergency'
          ? { decision: 'approved', emergency: true, reason: said }
          : { decision, reason: said }
      case 'apply':
        return { what: said }
      case 'verify':
        return { worked, effect: said }
      case 'roll-back':
        return { what: what.trim(), reason: said }
      case 'close':
        return { note: said }
    }
  }
  return (
    <ActionSheet
      title={`${ASK_WORDS[ask]}: ${change.name}`}
      action={ASK_WORDS[ask]}
      path={`/api/v1/changes/${change.name}/${ask}`}
      post={body}
      isReady={(ask === 'vote' || isReason(text)) && (ask !== 'roll-back' || isReason(what))}
      onDone={onDone}
      onClose={onClose}
    >
      <p>
        <b>{change.title}</b>
      </p>
      <p className="muted">{SAYS[ask]}</p>
      {ask === 'vote' ? <Choice legend="Vote" options={VOTES} chosen={vote} onChoose={setVote} /> : null}
      {ask === 'decide' ? (
        <>
          <p>{change.tally.words}.</p>
          <Choice legend="Decision" options={DECISIONS} chosen={decision} onChoose={setDecision} />
        </>
      ) : null}
      {ask === 'verify' ? (
        <Choice<boolean> legend="It did" options={WORKED} chosen={worked} onChoose={setWorked} />
      ) : null}
      {ask === 'roll-back' ? (
        <Reason label="How it was taken back" value={what} isRequired onChange={setWhat} />
      ) : null}
      <Reason label={LABELS[ask]} value={text} isRequired={ask !== 'vote'} onChange={setText} />
    </ActionSheet>
  )
}
