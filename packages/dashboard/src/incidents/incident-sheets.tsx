// What people add to an incident: a sentence, a role, its end, its review.

import { type ReactNode, useId, useState } from 'react'
import { ActionSheet, Choice, isReason, Reason } from '../action-sheet.tsx'

export type Entry =
  | 'noted'
  | 'role-taken'
  | 'status-told'
  | 'cause-found'
  | 'acknowledged'
  | 'mitigated'
  | 'resolved'
  | 'reopened'
  | 'reviewed'

const SENTENCES: Readonly<
  Record<Exclude<Entry, 'role-taken' | 'reviewed'>, readonly [title: string, action: string, label: string]>
> = {
  noted: ['Note', 'Write down', 'What was seen or done'],
  'status-told': ['Status for others', 'Write down', 'What others were told'],
  'cause-found': ['Cause', 'Write down', 'Why it happened'],
  acknowledged: ['Take in hand', 'Take in hand', 'What is being done'],
  mitigated: ['It no longer hurts', 'Mitigated', 'By what'],
  resolved: ['It is over', 'Resolved', 'By what'],
  reopened: ['It is not over', 'Reopen', 'What is seen'],
}
const ROLES = ['commander', 'operations', 'communications', 'scribe'] as const

interface SheetProps {
  readonly name: string
  readonly onDone: () => void
  readonly onClose: () => void
}

export function EntrySheet(props: SheetProps & { readonly entry: Entry }): ReactNode {
  if (props.entry === 'role-taken') return <RoleSheet {...props} />
  if (props.entry === 'reviewed') return <ReviewSheet {...props} />
  return <SentenceSheet {...props} entry={props.entry} />
}

const pathOf = (name: string) => `/api/v1/incidents/${encodeURIComponent(name)}/entries`

function SentenceSheet(props: SheetProps & { readonly entry: keyof typeof SENTENCES }): ReactNode {
  const [text, setText] = useState('')
  const [title, action, label] = SENTENCES[props.entry]
  return (
    <ActionSheet
      title={title}
      action={action}
      path={pathOf(props.name)}
      post={() => ({ action: props.entry, text: text.trim() })}
      isReady={isReason(text)}
      onDone={props.onDone}
      onClose={props.onClose}
    >
      <Reason label={label} value={text} isRequired onChange={setText} />
    </ActionSheet>
  )
}

function RoleSheet(props: SheetProps): ReactNode {
  const [role, setRole] = useState<(typeof ROLES)[number]>('commander')
  const [who, setWho] = useState('')
  return (
    <ActionSheet
      title="Who does what"
      action="Write down"
      path={pathOf(props.name)}
      post={() => ({ action: 'role-taken', role, name: who.trim() })}
      isReady={who.trim() !== ''}
      onDone={props.onDone}
      onClose={props.onClose}
    >
      <Choice legend="Role" options={ROLES.map((each) => [each, each])} chosen={role} onChoose={setRole} />
      <Line label="Who takes it" value={who} onChange={setWho} />
    </ActionSheet>
  )
}

/** One action item a line. */
const ITEM = /^(\S+)\s+(\d{4}-\d{2}-\d{2})\s+(\S.*)$/

export function ReviewSheet(props: SheetProps): ReactNode {
  const [given, setGiven] = useState({
    happened: '',
    impact: '',
    rootCause: '',
    well: '',
    badly: '',
    items: '',
  })
  const take = (name: keyof typeof given) => (value: string) => setGiven({ ...given, [name]: value })
  const lines = (text: string) =>
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
  const items = lines(given.items).map((line) => ITEM.exec(line))
  return (
    <ActionSheet
      title="Review"
      action="Review"
      path={pathOf(props.name)}
      post={() => ({
        action: 'reviewed',
        review: {
          happened: given.happened.trim(),
          impact: given.impact.trim(),
          rootCause: given.rootCause.trim(),
          wentWell: lines(given.well),
          wentBadly: lines(given.badly),
          actionItems: items.flatMap((item) =>
            item === null ? [] : [{ owner: item[1], due: item[2], text: item[3] }],
          ),
        },
      })}
      isReady={
        [given.happened, given.impact, given.rootCause].every(isReason) &&
        items.every((item) => item !== null)
      }
      onDone={props.onDone}
      onClose={props.onClose}
    >
      <Reason label="What happened" value={given.happened} isRequired onChange={take('happened')} />
      <Reason
        label="Whom it hurt, how much, how long"
        value={given.impact}
        isRequired
        onChange={take('impact')}
      />
      <Reason label="Why it could happen" value={given.rootCause} isRequired onChange={take('rootCause')} />
      <Reason
        label="What went well, a line each"
        value={given.well}
        isRequired={false}
        onChange={take('well')}
      />
      <Reason
        label="What went badly, a line each"
        value={given.badly}
        isRequired={false}
        onChange={take('badly')}
      />
      <Reason
        label="Action items, a line each: who, by when, what (ada 2026-12-01 add plan-check to CI)"
        value={given.items}
        isRequired={false}
        onChange={take('items')}
      />
    </ActionSheet>
  )
}

export function OpenSheet(props: {
  readonly targetId: string
  readonly onDone: () => void
  readonly onClose: () => void
}): ReactNode {
  const [title, setTitle] = useState('')
  return (
    <ActionSheet
      title="Open an incident"
      action="Open"
      path="/api/v1/incidents"
      post={() => ({ target: props.targetId, title: title.trim() })}
      isReady={isReason(title)}
      onDone={props.onDone}
      onClose={props.onClose}
    >
      <p>Critical alerts open one by themselves. This is for what no alert has told of.</p>
      <Line label="What happens" value={title} onChange={setTitle} />
    </ActionSheet>
  )
}

function Line(props: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
}): ReactNode {
  const id = useId()
  return (
    <>
      <label htmlFor={id}>{props.label}</label>
      <input
        id={id}
        type="text"
        required
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
      />
    </>
  )
}
