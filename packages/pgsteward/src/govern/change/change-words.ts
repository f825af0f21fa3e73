// A change in words.

import { ownOf } from '../own-of.ts'
import { momentWords, type RecordTeller } from '../teller.ts'
import { type ChangeAction, type ChangeBody, changeBody } from './change-entries.ts'
import { changeOf, STATE_WORDS } from './change-state.ts'

export const changeTeller: RecordTeller = {
  summary: (record) => {
    const change = changeOf(record)
    const { decision, wished, effect, closedAs } = change
    return {
      title: change.title,
      state: closedAs === null ? STATE_WORDS[change.state] : `closed: ${closedAs}`,
      facts: [
        ['Asked for by', `${change.requestedBy}, ${momentWords(change.openedAt)}`],
        ['Risk', change.risk],
        ['Type', change.type],
        ...(change.targetId === null ? [] : [['Target', change.targetId] as const]),
        ...(wished === null
          ? []
          : [['Wished', `${momentWords(wished.from)} to ${momentWords(wished.until)}`] as const]),
        ...linkFacts(change),
        ...(decision === null
          ? []
          : [
              [
                'Decision',
                `${decision.decision} by ${decision.by}, ${momentWords(decision.at)}: ${decision.rule}`,
              ] as const,
            ]),
        ...(effect === null
          ? []
          : [['Effect', `${effect.worked ? 'as meant' : 'not as meant'}: ${effect.effect}`] as const]),
      ],
    }
  },
  entry: ({ action, body }) => {
    const told = ownOf(WORDS, action) as ((body: unknown) => readonly string[]) | undefined
    const read = told === undefined ? null : changeBody(action as ChangeAction, body)
    return told === undefined || read === null ? null : told(read)
  },
}

type Links = Pick<ChangeBody<'opened'>, 'findings' | 'jobs' | 'migrations'>

function linkFacts({ findings, jobs, migrations }: Links): (readonly [string, string])[] {
  const named = [
    ['Findings', findings],
    ['Maintenance jobs', jobs],
    ['Migrations', migrations],
  ] as const
  return named.flatMap(([label, links]) => (links.length === 0 ? [] : [[label, links.join(', ')] as const]))
}

const WORDS: { readonly [A in ChangeAction]: (body: ChangeBody<A>) => readonly string[] } = {
  opened: ({ why, plan, rollback, risk }) => [
    `asked for it, at ${risk} risk`,
    `Why: ${why}`,
    `Plan: ${plan}`,
    `Rollback: ${rollback}`,
  ],
  amended: ({ because, ...changes }) => [
    `amended ${Object.keys(changes).join(', ') || 'nothing'}: votes begin anew`,
    because,
    ...Object.entries(changes).map(
      ([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ),
  ],
  voted: ({ vote, reason }) => [vote === 'abstain' ? 'abstained' : `voted to ${vote}`, reason],
  decided: ({ decision, reason, rule, emergency, meeting }) => [
    `${decision}${emergency ? ' as an emergency' : ''}${meeting === null ? '' : ` at ${meeting}`}`,
    reason,
    `By the rule: ${rule}.`,
  ],
  linked: ({ words }) => [words],
  applied: ({ what, jobId, outcome }) => [
    outcome === 'done'
      ? `applied it${jobId === null ? '' : ` by maintenance job ${jobId}`}`
      : 'could not apply it',
    what,
  ],
  verified: ({ worked, effect }) => [
    worked ? 'verified: it did what was meant' : 'verified: it did not do what was meant',
    effect,
  ],
  'rolled-back': ({ what, reason }) => ['rolled it back', what, `Because: ${reason}`],
  closed: ({ note }) => ['closed it', note],
}
