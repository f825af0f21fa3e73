import type { z } from 'zod'
import type { Check, Given, Needs, Skip } from '../src/model/check.ts'
import type { Interval } from '../src/model/fact.ts'
import type { Finding } from '../src/model/finding.ts'
import type { ServerInfo } from '../src/model/server-info.ts'
export declare const NOW: Date
/** A moment before NOW. */
export declare function ago(ms: number): Date
/** An unbroken interval that ends at NOW. */
export declare function intervalOf<Row>(rows: readonly Row[], seconds?: number): Interval<Row>
export declare function serverInfo(over?: Partial<ServerInfo>): ServerInfo
export interface Circumstances<O extends z.ZodType> {
  readonly options?: z.input<O>
  readonly server?: Partial<ServerInfo>
}
export declare function judge<N extends Needs, O extends z.ZodType>(
  check: Check<N, O>,
  facts: Given<N>,
  { options, server }?: Circumstances<O>,
): readonly Finding[] | Skip
