// A plan as auto_explain logs it: JSON or text. XML and YAML are named, not read.

import type { PlanNode } from '../model/what-if.ts'
import { readTextPlan } from '../plans/read-text-plan.ts'

export interface LoggedPlan {
  readonly query: string | null
  readonly queryId: string | null
  /** `$1 = '5', ...`, from PostgreSQL 16. */
  readonly parameters: string | null
  readonly plan: PlanNode | null
  readonly format: 'json' | 'text' | 'xml' | 'yaml'
}

/** `plan` is null where it was cut, or is of a format that is not read. Never throws. */
export function readLoggedPlan(text: string): LoggedPlan {
  if (text.startsWith('{') || text.startsWith('[')) return readJson(text)
  if (text.startsWith('<explain'))
    return unread('xml', /<Query-Text>([\s\S]*?)<\/Query-Text>/.exec(text)?.[1])
  if (/^Query Text: "|^Plan: *$/m.test(text) && /^\s*Node Type: "/m.test(text))
    return unread('yaml', undefined)
  return readText(text)
}

const unread = (format: 'xml' | 'yaml', query: string | undefined): LoggedPlan => ({
  query: query?.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&') ?? null,
  queryId: null,
  parameters: null,
  plan: null,
  format,
})

function readJson(text: string): LoggedPlan {
  const document = parsed(text)
  const queryId = /"Query Identifier": *(-?\d+)/.exec(text)?.[1] ?? null
  if (document === null)
    return { query: cutQuery(text), queryId, parameters: null, plan: null, format: 'json' }
  const { 'Query Text': query, 'Query Parameters': parameters, Plan: plan, JIT: jit } = document
  return {
    query: typeof query === 'string' ? query : null,
    queryId,
    parameters: typeof parameters === 'string' ? parameters : null,
    // compiled for the whole statement: told beside the plan, kept with its root
    plan: !isPlan(plan) ? null : jit === undefined ? plan : { ...plan, JIT: jit },
    format: 'json',
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    const first: unknown = Array.isArray(value) ? value[0] : value
    return typeof first === 'object' && first !== null ? (first as Readonly<Record<string, unknown>>) : null
  } catch {
    return null
  }
}

const isPlan = (value: unknown): value is PlanNode =>
  typeof value === 'object' && value !== null && 'Node Type' in value

/** Of a document that was cut: its first field, whole or not. */
function cutQuery(text: string): string | null {
  const raw = /^\{\s*"Query Text": "((?:[^"\\]|\\.)*)/.exec(text)?.[1]
  if (raw === undefined) return null
  const query = parsed(`{"query":"${raw}"}`)?.query
  return typeof query === 'string' ? query : null
}

/** The query's text may have lines of its own: the plan begins with the first line that has costs. */
const NODE_LINE = /^[^\n]*\(cost=\d+\.\d+\.\.\d+\.\d+ rows=\d+ width=\d+\)/m
const NODE_WITHOUT_COSTS = /^(?:[A-Z][\w-]*(?: [\w-]+)*)(?: using .+?)?(?: on .+?)? {1,2}\(actual /m

function readText(text: string): LoggedPlan {
  const node = NODE_LINE.exec(text) ?? NODE_WITHOUT_COSTS.exec(text)
  const head = node === null ? text : text.slice(0, node.index)
  const queryText = /^Query Text: ?([\s\S]*)$/.exec(head)?.[1] ?? null
  const parameters =
    queryText === null ? null : (/\nQuery Parameters: (\$1 = [\s\S]*)$/.exec(queryText)?.[1] ?? null)
  const query =
    queryText === null || parameters === null
      ? queryText
      : queryText.slice(0, queryText.lastIndexOf('\nQuery Parameters: '))
  return {
    query: query?.trim() ?? null,
    queryId: /\n *Query Identifier: (-?\d+)/.exec(text)?.[1] ?? null,
    parameters: parameters?.trim() ?? null,
    plan: node === null ? null : readTextPlan(text.slice(node.index)),
    format: 'text',
  }
}
