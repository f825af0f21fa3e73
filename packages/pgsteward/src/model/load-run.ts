// A load run as it is kept: versioned JSON, whatever measured it. Percentiles come from histograms that add up; what a source gave only
// as percentiles can be shown, never compared.

import { z } from 'zod'

export const RUN_FORMAT = 'pgsteward-run/1'
export const ENGINES = [
  'node',
  'k6',
  'replay',
  'benchmark',
  'autocannon',
  'artillery',
  'pgbench',
  'wrk',
] as const

const at = z.iso.datetime()
const count = z.number().int().min(0)
const ms = z.number().min(0)
const orNull = <T extends z.ZodType>(type: T) => type.nullable()

export const percentilesSchema = z.strictObject({
  p50Ms: orNull(ms),
  p90Ms: orNull(ms),
  p95Ms: orNull(ms),
  p99Ms: orNull(ms),
})

/** One endpoint (or one metric of a benchmark). */
export const runSeriesSchema = z.strictObject({
  /** `GET /api/members/:id`; `all` is every request together. */
  name: z.string(),
  feature: orNull(z.string()),
  count,
  /** Requests that failed: no answer, or a status that was not expected. Their latencies are not in the histograms. */
  errors: count,
  sumMs: ms,
  minMs: orNull(ms),
  maxMs: orNull(ms),
  /** HDR histogram V2, compressed, base64; microseconds from the intended start, three digits. Null: the source gave percentiles only. */
  histogram: orNull(z.string()),
  /** The same from sending: the difference is time spent queueing in the generator. Null where it was not measured. */
  serviceHistogram: orNull(z.string()),
  percentiles: percentilesSchema,
  /** Of a benchmark: its own unit, and one value a run within the process. Absent: latencies. */
  metric: z
    .strictObject({
      unit: z.string(),
      better: z.enum(['lower', 'higher']),
      values: z.array(z.number().min(0)).min(1),
    })
    .optional(),
  /** One entry a window of `everyMs`, from the end of the warm-up; null where it had no request. */
  windows: orNull(
    z.strictObject({
      everyMs: z.number().positive(),
      count: z.array(count),
      p50Ms: z.array(orNull(ms)),
      p95Ms: z.array(orNull(ms)),
    }),
  ),
})

/** What the run looked like over time, all requests together. */
export const runMomentSchema = z.strictObject({
  /** Since the start, warm-up included. */
  atMs: ms,
  /** Arrivals intended (open) or users (closed). */
  offeredPerSecond: orNull(z.number()),
  users: orNull(z.number()),
  requestsPerSecond: z.number(),
  errors: count,
  p50Ms: orNull(ms),
  p95Ms: orNull(ms),
  p99Ms: orNull(ms),
})

export const INVALID_REASONS = [
  'dropped-arrivals',
  'rate-not-reached',
  'generator-starved',
  'schedule-lag',
  'too-many-errors',
  'too-few-requests',
  'interrupted',
  'target-lost',
  'out-of-memory',
  'disk-full',
  'source-incomplete',
] as const

export const environmentSchema = z.strictObject({
  /** Hash of what decides about speed: processor, cores, memory, platform, runner. Baselines never cross it. */
  hostClass: z.string(),
  cpu: z.string(),
  cores: count,
  memoryBytes: z.number(),
  platform: z.string(),
  kernel: z.string(),
  node: z.string(),
  /** A CI runner's label. */
  runner: orNull(z.string()),
  /** Share of all cores that was busy meanwhile, the generator included. */
  hostBusyRatio: orNull(z.number()),
  /**
   * Share of all cores' time that the machine's own host gave to others meanwhile (steal): a neighbour that cannot be seen from inside.
   * Null or absent: not told.
   */
  hostStolenRatio: orNull(z.number()).optional(),
  postgres: orNull(
    z.strictObject({
      versionNum: count,
      settingsHash: z.string(),
      /** Those that decide about plans and memory. */
      settings: z.record(z.string(), z.string()),
      schemaHash: z.string(),
      /**
       * What the hash is of, so that a difference has a name: `table public.member` with a hash of its columns, `index
       * public.member_email_idx` with its definition. Absent where it was not read, or stands in another run of the same hash.
       */
      schemaObjects: z.record(z.string(), z.string()).optional(),
      dataBytes: z.number(),
    }),
  ),
  application: orNull(z.strictObject({ name: z.string(), version: orNull(z.string()) })),
})

const wait = z.strictObject({ type: z.string(), event: orNull(z.string()), averageSessions: z.number() })

/** What the database and the application's pool said while the run went on; increases, never totals since some start. */
export const databaseEvidenceSchema = z.strictObject({
  targetId: orNull(z.string()),
  seconds: z.number(),
  /** Heaviest first, texts without literals. */
  statements: z.array(
    z.strictObject({
      queryId: z.string(),
      fingerprint: z.string(),
      text: z.string(),
      calls: z.number(),
      totalMs: ms,
      rows: z.number(),
      blocksHit: z.number(),
      blocksRead: z.number(),
      tempBlocksWritten: z.number(),
      /** plans/plan-shape; null: not asked. */
      planShape: orNull(z.string()),
      planText: orNull(z.string()),
      /** As the application says, from comments or its own reports. */
      route: orNull(z.string()),
      /** Time spent reading blocks; 0 where track_io_timing is off. */
      blockReadMs: ms.optional(),
      /** What its sessions waited for; type `CPU` for nothing. */
      waits: z.array(wait).optional(),
    }),
  ),
  /** Of all statements and of the database, those not listed included. */
  totals: z
    .strictObject({
      calls: z.number(),
      totalMs: ms,
      tempBytes: z.number(),
      deadlocks: z.number(),
      rollbacks: z.number(),
    })
    .optional(),
  /** Average active sessions by what they waited for; type `CPU` for those that waited for nothing. */
  waits: z.array(wait),
  activeSessions: orNull(z.strictObject({ mean: z.number(), max: z.number() })),
  cacheHitRatio: orNull(z.number()),
  connections: orNull(z.strictObject({ max: count, peak: count })),
  pools: z.array(
    z.strictObject({
      name: z.string(),
      max: orNull(count),
      usedMax: count,
      waitingMax: count,
      waitP95Ms: orNull(ms),
    }),
  ),
  tables: z.array(
    z.strictObject({
      name: z.string(),
      rows: z.number(),
      sizeBytes: z.number(),
      sequentialScans: z.number(),
      sequentialRows: z.number(),
    }),
  ),
  /** What could not be read, and why. */
  notes: z.array(z.string()).optional(),
})

export const loadRunSchema = z.strictObject({
  format: z.literal(RUN_FORMAT),
  id: z.string(),
  startedAt: at,
  /** Measured time, without the warm-up. */
  durationMs: ms,
  warmUpMs: ms,
  scenario: z.strictObject({
    id: z.string(),
    title: z.string(),
    /** Of the whole definition: runs of different definitions are never compared. */
    hash: z.string(),
    model: z.enum(['open', 'closed']),
    /** Factors on time and on users or rate; 1 when as defined. */
    timeScale: z.number(),
    loadScale: z.number(),
  }),
  engine: z.strictObject({ name: z.enum(ENGINES), version: z.string() }),
  /** Without user and password. */
  target: orNull(z.string()),
  git: orNull(z.strictObject({ sha: z.string(), branch: orNull(z.string()), isClean: z.boolean() })),
  /** base and head of one experiment share an id; pairs of a duet ran at the same time. */
  experiment: orNull(
    z.strictObject({
      id: z.string(),
      design: z.enum(['interleaved', 'duet']),
      side: z.enum(['base', 'head']),
      repetition: count,
    }),
  ),
  ended: z.enum(['completed', 'threshold', 'interrupted', 'target-lost', 'failed']),
  invalid: z.array(z.strictObject({ reason: z.enum(INVALID_REASONS), detail: z.string() })),
  requests: z.strictObject({
    count,
    errors: count,
    /** Status or kind of failure (`503`, `timeout`, `refused`) to count. */
    errorKinds: z.record(z.string(), count),
    bytesReceived: z.number(),
    /** Iterations that should have begun (open model). */
    offered: orNull(count),
    dropped: count,
    /**
     * Of those counted, answered well only after the end of the run: what was under way then. They are in the latencies and in no rate.
     * Absent: not told.
     */
    answeredLate: count.optional(),
  }),
  checks: z.array(z.strictObject({ name: z.string(), passed: count, failed: count })),
  generator: orNull(
    z.strictObject({
      threads: count,
      cpuSeconds: z.number(),
      /** Of the busiest thread; 1 is a whole core. */
      cpuRatio: z.number(),
      /** How late arrivals were begun. */
      lagP99Ms: ms,
      lagMaxMs: ms,
    }),
  ),
  /** The series `all` first. */
  series: z.array(runSeriesSchema),
  timeline: z.array(runMomentSchema),
  thresholds: z.array(
    z.strictObject({
      text: z.string(),
      value: orNull(z.number()),
      isMet: z.boolean(),
      /** Of the value. Absent: told by the metric in the text, as our own engine writes it. */
      unit: z.enum(['ms', 'ratio', 'perSecond', 'count', 'bytes']).optional(),
    }),
  ),
  environment: environmentSchema,
  database: orNull(databaseEvidenceSchema),
  tags: z.record(z.string(), z.string()),
})

export interface LoadRun extends z.output<typeof loadRunSchema> {}
export interface RunSeries extends z.output<typeof runSeriesSchema> {}
export interface RunMoment extends z.output<typeof runMomentSchema> {}
export interface RunEnvironment extends z.output<typeof environmentSchema> {}
export interface DatabaseEvidence extends z.output<typeof databaseEvidenceSchema> {}
export type InvalidReason = (typeof INVALID_REASONS)[number]
export type EngineName = (typeof ENGINES)[number]

/** A p95 of fewer requests in a window is one request's latency: such windows are neither compared nor kept in baselines. */
export const LEAST_IN_WINDOW = 20
/** The median of fewer windows is no steadier than the whole run. */
export const LEAST_WINDOWS = 6

/** The name of the series that holds every request. */
export const ALL_REQUESTS = 'all'
