// What a team owes itself at a moment: reviews after launches that are overdue, incidents that are not reviewed, action items.

import type { PracticeRecords } from './practice-metrics.ts'

export interface OpenItem {
  readonly kind: 'launch-review' | 'incident-review' | 'action-item'
  /** Of the record that it stands in: REV-3, INC-7, MTG-2. */
  readonly name: string
  /** Of that record. */
  readonly title: string
  readonly what: string
  readonly owner: string | null
  /** Of an incident without a review: when it ended. Null: nobody said when. */
  readonly due: string | null
  readonly isOverdue: boolean
}

/** What is overdue first, then by when it is due. */
export function openItems(
  { incidents, launches, meetings }: Pick<PracticeRecords, 'incidents' | 'launches' | 'meetings'>,
  now: Date,
): readonly OpenItem[] {
  const reviews = launches.flatMap(({ name, title, version, reviews: all, state }) => {
    const overdue = state === 'closed' ? [] : all.filter((review) => review.state === 'overdue')
    const [first] = overdue
    if (first === undefined) return []
    const more = overdue.length === 1 ? '' : `, and ${overdue.length - 1} more`
    const what = `Review ${first.number} of ${all.length}${more}`
    return [openItem('launch-review', { name, title: `${title} ${version}`, what, due: first.due }, true)]
  })
  const unreviewed = incidents
    .filter(({ state }) => state === 'resolved')
    .map(({ name, title, times }) =>
      openItem('incident-review', { name, title, what: 'Its review', due: times.recoveredAt }, false),
    )
  const isOver = (due: string | null) => due !== null && Date.parse(due) < now.getTime()
  const ofIncidents = incidents.flatMap(({ name, title, review }) =>
    (review?.actionItems ?? [])
      .filter(({ doneAt }) => doneAt === null)
      .map(({ text, owner, due }) =>
        openItem('action-item', { name, title, what: text, owner, due }, isOver(`${due}T23:59:59.999Z`)),
      ),
  )
  const ofOthers = [...launches, ...meetings].flatMap(({ name, title, actions }) =>
    actions
      .filter(({ doneAt }) => doneAt === null)
      .map(({ what, owner, due }) => openItem('action-item', { name, title, what, owner, due }, isOver(due))),
  )
  const dueMs = ({ due }: OpenItem) => (due === null ? Number.POSITIVE_INFINITY : Date.parse(due))
  return [...reviews, ...unreviewed, ...ofIncidents, ...ofOthers].sort(
    (one, other) =>
      Number(other.isOverdue) - Number(one.isOverdue) ||
      (dueMs(one) === dueMs(other) ? 0 : dueMs(one) - dueMs(other)) ||
      (one.name < other.name ? -1 : 1),
  )
}

function openItem(
  kind: OpenItem['kind'],
  said: Omit<OpenItem, 'kind' | 'isOverdue' | 'owner'> & { readonly owner?: string | null },
  isOverdue: boolean,
): OpenItem {
  return { kind, owner: null, ...said, isOverdue }
}
