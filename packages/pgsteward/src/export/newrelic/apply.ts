// Does what a plan says, one object after the other, so that a failure leaves whole objects, which the next run finds by their marks.

import { StewardError } from '../../model/error.ts'
import { CREATE, UPDATE } from './documents.ts'
import { type Data, type NerdGraph, refused } from './nerdgraph.ts'
import type { Plan, Step } from './plan.ts'
import { type Input, refOf } from './wanted.ts'

export interface Applied {
  readonly step: Step
  readonly id: string
}

/** `onDone` hears of each. Throws at the first that New Relic refuses, telling how far it came. */
export async function applyPlan(
  graph: NerdGraph,
  accountId: number,
  plan: Plan,
  onDone: (applied: Applied) => void,
): Promise<readonly Applied[]> {
  const ids = new Map<string, string>()
  for (const { object, standing } of plan.steps)
    if (standing !== null) ids.set(refOf(object.kind, object.key), standing.id)
  const idOf = (ref: string): string => {
    const id = ids.get(ref)
    if (id === undefined) throw refused(`${ref} is not there`, 'It should have been made before.')
    return id
  }
  const todo = plan.steps.filter(({ action }) => action !== 'leave')
  const done: Applied[] = []
  for (const step of todo) {
    const { kind, key, name } = step.object
    try {
      const input = step.object.input(idOf)
      const id =
        step.standing === null
          ? await create(graph, accountId, step, input, idOf)
          : await change(graph, accountId, step, input)
      ids.set(refOf(kind, key), id)
      const applied = { step, id }
      done.push(applied)
      onDone(applied)
    } catch (error) {
      if (!(error instanceof StewardError)) throw error
      throw new StewardError(error.code, `${kind} "${name}": ${error.message}`, {
        detail: `${error.detail ?? ''} ${done.length} of ${todo.length} are done.`.trim(),
        ...(error.hint === undefined ? {} : { hint: error.hint }),
        cause: error,
      })
    }
  }
  return done
}

async function create(
  graph: NerdGraph,
  accountId: number,
  { object: { kind, within } }: Step,
  input: Input,
  idOf: (ref: string) => string,
): Promise<string> {
  const policyId = within === null ? {} : { policyId: idOf(within) }
  return idOfMade(await graph(CREATE[kind], { accountId, input, ...policyId }))
}

async function change(
  graph: NerdGraph,
  accountId: number,
  { object: { kind }, standing }: Step,
  input: Input,
): Promise<string> {
  const { id, fields } = standing!
  const variables =
    kind === 'workflow'
      ? { accountId, input: workflowUpdate(id, input, fields) }
      : kind === 'dashboard'
        ? { id, input: keepPage(input, fields) }
        : { accountId, id, input: kind === 'destination' || kind === 'channel' ? renewable(input) : input }
  return idOfMade(await graph(UPDATE[kind], variables))
}

/** Type, product and destination are for life. */
function renewable({ name, properties }: Input): Input {
  return { name, properties, active: true }
}

function workflowUpdate(id: string, { issuesFilter, ...input }: Input, fields: Data): Input {
  return { id, ...input, issuesFilter: { id: fields.issuesFilter.id, filterInput: issuesFilter } }
}

/** Under its own guid, so that links to the page keep leading there. */
function keepPage(input: Input, fields: Data): Input {
  const [page] = input.pages as readonly Input[]
  const guid = fields.pages?.[0]?.guid
  return { ...input, pages: [guid === undefined ? page : { ...page, guid }] }
}

function idOfMade({ made }: Data): string {
  const errors = [
    ...(made.errors ?? []),
    ...(made.error === null || made.error === undefined ? [] : [made.error]),
  ]
  if (errors.length > 0) throw refused('New Relic refused it', errors.map(wordsOf).join('; '))
  const node = made.destination ?? made.channel ?? made.workflow ?? made.entityResult ?? made
  const id = node.id ?? node.guid
  if (id === undefined || id === null)
    throw refused('New Relic gave no id for it', JSON.stringify(made).slice(0, 300))
  return String(id)
}

function wordsOf({ description, details, type, fields, constraints }: Data): string {
  const parts = [
    type,
    description,
    details,
    ...(fields ?? []).map(({ field, message }: Data) => `${field}: ${message}`),
    ...(constraints ?? []).map(({ name }: Data) => name),
  ]
  return parts.filter((part) => typeof part === 'string' && part !== '').join(' ')
}
