// One call of a tool: who may, with what, how it went. Whatever comes in, an answer goes out, and the log has a line.

import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import type { z } from 'zod'
import { StewardError } from '../model/error.ts'
import type { McpGrant } from '../model/mcp-scope.ts'
import { nearestName } from '../model/nearest-name.ts'
import type { Milliseconds } from '../model/units.ts'
import { ALL_TOOLS } from './all-tools.ts'
import type { Refusal } from './call-budget.ts'
import { clip } from './inputs.ts'
import type { AnyTool, ToolContext } from './tool.ts'

/** A line of the log: no text that was sent, and none that was answered. */
export interface McpCall {
  readonly by: string
  readonly tool: string
  readonly target: string | null
  /** 'not permitted': by who asks; 'refused': by what was sent. */
  readonly outcome: 'answered' | 'refused' | 'not permitted' | 'failed'
  /** The tool leaves something in the store, or would have. */
  readonly leavesSomething: boolean
  /** Of a refusal that comes from what was sent its code alone: its words repeat what was sent. */
  readonly because: string | null
  readonly tookMs: Milliseconds
}

export interface CallHost {
  /** Null: it may be called now; else why not. */
  readonly delay: (grant: McpGrant) => Refusal | null
  /** Before the answer goes out. Never rejects. */
  readonly onCall: (call: McpCall) => Promise<void>
  readonly now: () => Date
}

/** A model's window holds some times this; a larger answer helps nobody. */
const LARGEST_ANSWER = 120_000
const MOST_ISSUES = 5
const LONGEST_NAME = 100

export async function callTool(
  { name, args }: { readonly name: string; readonly args: unknown },
  context: Omit<ToolContext, 'now'>,
  host: CallHost,
): Promise<CallToolResult> {
  const startedAt = host.now()
  const known = ALL_TOOLS.find((each) => each.name === name)
  const log = (outcome: McpCall['outcome'], because: string | null) =>
    host.onCall({
      by: context.grant.name,
      tool: clip(name, LONGEST_NAME),
      target: namedTarget(args),
      outcome,
      leavesSomething: known?.isReadOnly === false,
      because: because === null ? null : clip(because, 300),
      tookMs: host.now().getTime() - startedAt.getTime(),
    })
  const wait = host.delay(context.grant)
  if (wait !== null) {
    if (wait.isFirst) await log('refused', wait.because)
    return refusal(`${wait.because}. Ask for more at once, less often.`)
  }
  const tool = toolFor(name, context.grant)
  if (tool instanceof StewardError) {
    await log(known === undefined ? 'refused' : 'not permitted', tool.message)
    return refusal(inWords(tool, context.signal))
  }
  try {
    const input = tool.input.safeParse(args ?? {})
    if (!input.success) throw badInput(tool, input.error)
    const { text, data } = await tool.run(input.data, { ...context, now: startedAt })
    const json = JSON.stringify(tool.output.parse(data), inShort)
    if (json.length > LARGEST_ANSWER)
      throw new StewardError('usage', `the answer has ${json.length} characters, too many for a model`, {
        hint: 'Ask for a smaller limit, or for one thing.',
      })
    await log('answered', null)
    // the JSON once more as text: for clients that know nothing of structured content
    return {
      content: [
        { type: 'text', text },
        { type: 'text', text: json },
      ],
      structuredContent: JSON.parse(json) as Record<string, unknown>,
    }
  } catch (error) {
    if (context.signal.aborted) await log('refused', 'given up')
    else if (error instanceof StewardError)
      await log(isOfOthers(args, context) ? 'not permitted' : 'refused', error.code)
    else await log('failed', error instanceof Error ? error.message : String(error))
    return refusal(inWords(error, context.signal))
  }
}

/** Of 4.055423978156057 calls a second the first six digits are worth a model's window. */
function inShort(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value
}

function refusal(text: string): CallToolResult {
  return { isError: true, content: [{ type: 'text', text }] }
}

function toolFor(name: string, { name: who, scopes }: McpGrant): AnyTool | StewardError {
  const tool = ALL_TOOLS.find((each) => each.name === name)
  if (tool === undefined) {
    const known = ALL_TOOLS.map((each) => each.name)
    const nearest = nearestName(name.slice(0, LONGEST_NAME), known)
    return new StewardError('usage', `there is no tool "${clip(name, LONGEST_NAME)}"`, {
      hint: nearest === null ? `There are ${known.join(', ')}.` : `Did you mean ${nearest}?`,
    })
  }
  if (scopes.has(tool.scope)) return tool
  return new StewardError('usage', `"${who}" may not use ${name}: it has no scope ${tool.scope}`, {
    hint:
      tool.scope === 'propose'
        ? 'Whoever runs pgsteward can allow it: the scope of the token, or pgsteward mcp --scopes read,explain,propose.'
        : 'Whoever runs pgsteward can allow it by the scopes of the token (mcp.tokens).',
  })
}

function badInput({ name, input }: AnyTool, { issues }: z.ZodError): StewardError {
  const words = issues.slice(0, MOST_ISSUES).map(({ path, message }) => {
    const place = path.join('.')
    return place === '' ? message : `${place}: ${message}`
  })
  return new StewardError('usage', `the arguments of ${name} are not valid`, {
    detail: [
      ...words,
      ...(issues.length > MOST_ISSUES ? [`and ${issues.length - MOST_ISSUES} more`] : []),
    ].join('; '),
    hint: `It takes ${Object.keys(input.shape).join(', ') || 'none'}.`,
  })
}

function inWords(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'It was given up, as you asked.'
  if (!(error instanceof StewardError))
    return 'This is a bug in pgsteward; its log has more. Other tools still work.'
  return [error.message, error.detail, error.hint]
    .filter((part) => part !== undefined && part !== '')
    .map((part) => part!.replace(/[.\s]*$/, (end) => (/\?$/.test(part!) ? end : '.')))
    .join(' ')
}

/** Names a target that is there, and not for who asks. They are told that it is not there. */
function isOfOthers(args: unknown, { views, grant }: Pick<ToolContext, 'views' | 'grant'>): boolean {
  const named = namedTarget(args)
  return (
    named !== null &&
    grant.targets !== null &&
    !grant.targets.includes(named) &&
    views.targetIds.includes(named)
  )
}

function namedTarget(args: unknown): string | null {
  const target = (args as { target?: unknown } | null | undefined)?.target
  return typeof target === 'string' ? clip(target, LONGEST_NAME) : null
}
