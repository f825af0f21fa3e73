// Prisma 7.1 and later: `new PrismaClient({ adapter, comments: [prismaComments()] }).$extends(prismaExtension())`. The comments plugin
// adds no comment: it tells which model and action each statement is sent for. The extension adds where the application called, for
// 10 to 20 microseconds an operation. Their types are written down here, so that nothing depends on Prisma.

import { getRecorder } from '../current-recorder.ts'
import { currentRequest } from '../record/request-context.ts'
import { pendingOperation } from './pending-operation.ts'
import { actionName } from './prisma-actions.ts'
import { callSitesOf, type PrismaCallSite } from './prisma-call-sites.ts'

/** What Prisma hands to a plugin, as far as it is read here. */
export interface PrismaCommentContext {
  readonly query: {
    readonly type: string
    readonly modelName?: string
    readonly action: string
    readonly query?: unknown
  }
  readonly sql?: string
}

export type PrismaCommentsPlugin = (context: PrismaCommentContext) => {
  readonly [key: string]: string | undefined
}

const NO_TAGS = Object.freeze({})

/** Not measurable beside an operation of Prisma (bench/results). */
export function prismaComments(): PrismaCommentsPlugin {
  return ({ query, sql }) => {
    if (sql === undefined || getRecorder() === null) return NO_TAGS
    const model = query.modelName ?? null
    const action = actionName(query)
    pendingOperation.sql = sql
    pendingOperation.model = model
    pendingOperation.action = action
    pendingOperation.callSite = callSitesOf(currentRequest()).find(model, action)
    return NO_TAGS
  }
}

interface OperationArguments {
  readonly model?: string
  readonly operation: string
  readonly args: unknown
  readonly query: (args: unknown) => Promise<unknown>
}

/** Returned by `prismaExtension`; fits `$extends`. */
export interface PrismaExtension {
  readonly name: string
  readonly query: {
    // biome-ignore lint/suspicious/noExplicitAny: Prisma types the argument by the generated client, which is not known here
    readonly $allOperations: (operation: any) => any
  }
}

/** Where Prisma was called, for the statements of each operation. `$extends` returns a new client: use that one. */
export function prismaExtension(): PrismaExtension {
  return {
    name: '@pgsteward/instrument',
    query: {
      $allOperations: (operation: OperationArguments & { readonly __internalParams?: unknown }) => {
        const callSite = callSiteIn(operation.__internalParams)
        if (callSite === null || getRecorder() === null) return operation.query(operation.args)
        const sites = callSitesOf(currentRequest())
        const end = sites.begin(operation.model ?? null, operation.operation, callSite)
        const running = operation.query(operation.args)
        running.then(end, end)
        return running
      },
    },
  }
}

/** Prisma takes the stack of each call for its own messages; absent with `errorFormat: 'minimal'`. Not documented: looked at with care. */
function callSiteIn(internal: unknown): PrismaCallSite | null {
  if (typeof internal !== 'object' || internal === null || !('callsite' in internal)) return null
  const { callsite } = internal
  if (typeof callsite !== 'object' || callsite === null || !('getLocation' in callsite)) return null
  return typeof callsite.getLocation === 'function' ? (callsite as PrismaCallSite) : null
}
