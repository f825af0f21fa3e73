// Tables and indexes for bench/bloat.ts: what is made, and how it bloats. Each table is called t and each index i.

export interface BloatShape {
  readonly title: string
  /** Statements that make the table and fill it. */
  readonly table: readonly string[]
  /** `create index i on t ...` */
  readonly index: string
  /** Default: four of five rows, evenly spread, are deleted. */
  readonly bloat?: readonly string[]
}

const DELETED = ['delete from t where id % 5 <> 0']
/** A third of the rows moves at a time, vacuumed between, as under updates all day. */
const CHURNED = (set: string) =>
  [0, 1, 2].flatMap((part) => [`update t set ${set} where id % 3 = ${part}`, 'vacuum t'])

/** SQL of a number from 0 to 1 for each i, the same in each run. */
const random = (salt: string) =>
  `(('x' || substr(md5(i || '${salt}'), 1, 8))::bit(32)::bigint / 4294967296.0)`
const rows = (columns: string, count: number) =>
  `insert into t select ${columns} from generate_series(1, ${count}) i`

export const BLOAT_SHAPES: readonly BloatShape[] = [
  {
    title: 'unique bigint',
    table: ['create table t (id bigint, note text)', rows("i, 'note ' || i", 300_000)],
    index: 'create unique index i on t (id)',
  },
  {
    title: 'int of 20 values (deduplicated)',
    table: ['create table t (id int, kind int)', rows('i, i % 20', 600_000)],
    index: 'create index i on t (kind)',
  },
  {
    title: 'foreign key, about 3 rows a key',
    table: [
      'create table t (id int, parent bigint, amount int)',
      rows(`i, (${random('p')} * 130000)::bigint, i % 100`, 400_000),
    ],
    index: 'create index i on t (parent)',
  },
  {
    title: 'skewed int, few very common',
    table: [
      'create table t (id int, place int)',
      rows(`i, (100000 * power(${random('s')}, 6))::int`, 500_000),
    ],
    index: 'create index i on t (place)',
  },
  {
    title: 'bigint, nine of ten null',
    table: [
      'create table t (id int, gone timestamptz, seen timestamptz)',
      rows("i, case when i % 10 = 0 then timestamptz '2026-01-01' + i * interval '1 s' end, now()", 500_000),
    ],
    index: 'create index i on t (gone)',
  },
  {
    title: 'wide text, lengths vary',
    table: [
      'create table t (id int, name text, a smallint, b bigint)',
      rows(`i, repeat(md5(i::text), 1 + (${random('w')} * 5)::int) || i, 1, i`, 80_000),
    ],
    index: 'create index i on t (name)',
  },
  {
    title: 'text of one length (md5)',
    table: ['create table t (id int, digest text)', rows('i, md5(i::text)', 200_000)],
    index: 'create index i on t (digest)',
  },
  {
    title: 'uuid, inserted at random',
    table: ['create table t (id int, key uuid)', rows('i, md5(i::text)::uuid', 200_000)],
    index: 'create index i on t (key)',
    bloat: [rows("i, md5('later ' || i)::uuid", 200_000)],
  },
  {
    title: '(int, timestamptz)',
    table: [
      'create table t (id int, tenant int, at timestamptz)',
      rows("i, i % 50, timestamptz '2026-01-01' + i * interval '1 s'", 400_000),
    ],
    index: 'create index i on t (tenant, at)',
  },
  {
    title: '(int, int) of few combinations',
    table: [
      'create table t (id int, city int, country int)',
      rows('i, i % 1000, i % 1000 / 10', 400_000),
      'create statistics t_both (ndistinct) on city, country from t',
    ],
    index: 'create index i on t (country, city)',
  },
  {
    title: 'INCLUDE of a bigint and a text',
    table: [
      'create table t (id bigint, price bigint, label text)',
      rows("i, i * 7, 'label ' || i % 1000", 250_000),
    ],
    index: 'create index i on t (id) include (price, label)',
  },
  {
    title: 'fill factor 70',
    table: ['create table t (id bigint, weight int) with (fillfactor = 70)', rows('i, i % 977', 300_000)],
    index: 'create index i on t (id) with (fillfactor = 70)',
  },
  {
    title: 'jsonb in TOAST beside a numeric',
    table: [
      'create table t (id int, amount numeric(12, 2), document jsonb)',
      rows(
        `i, i * 1.37, case when i % 8 = 0 then jsonb_build_object('text', (select string_agg(md5(i || '-' || n), '') from generate_series(1, 100) n))
            else jsonb_build_object('kind', i % 10, 'name', 'row ' || i) end`,
        80_000,
      ),
    ],
    index: 'create index i on t (amount)',
  },
  {
    title: 'numeric with duplicates (never deduplicated)',
    table: ['create table t (id int, amount numeric(12, 2))', rows('i, i % 5000 * 1.25', 300_000)],
    index: 'create index i on t (amount)',
  },
  {
    title: 'column dropped, 12 columns, some null',
    table: [
      `create table t (id int, a bool, b bigint, c text, d date, e bool, f float8, g int, h smallint, k text, l timestamptz, old bigint)`,
      rows(
        "i, true, i, case when i % 3 = 0 then 'c' || i end, '2026-01-01', false, i, i, 3, 'k', case when i % 2 = 0 then now() end, i",
        200_000,
      ),
    ],
    index: 'create index i on t (l)',
    bloat: ['alter table t drop column old', ...DELETED],
  },
  {
    title: 'expression lower(name)',
    table: ['create table t (id int, name text)', rows("i, 'Name ' || md5(i::text)", 150_000)],
    index: 'create index i on t (lower(name))',
  },
  {
    title: 'partial, a tenth of the rows',
    table: [
      'create table t (id int, state text, due timestamptz)',
      rows("i, case when i % 5 = 0 then 'open' else 'done' end, now() + i * interval '1 s'", 800_000),
    ],
    index: "create index i on t (due) where state = 'open'",
    bloat: ["delete from t where state = 'open' and id % 25 <> 0"],
  },
  {
    title: 'updates all day (no HOT)',
    table: ['create table t (id int, at timestamptz, note text)', rows("i, now(), 'note ' || i", 200_000)],
    index: 'create index i on t (at, id)',
    bloat: CHURNED("at = at + interval '1 h'"),
  },
  {
    title: 'append only',
    table: ['create table t (id int, at timestamptz)', rows('i, clock_timestamp()', 300_000)],
    index: 'create index i on t (at)',
    bloat: [rows('i, clock_timestamp()', 100_000)],
  },
  {
    title: 'queue: head deleted, tail appended',
    table: ['create table t (id bigint, job text)', rows("i, 'job ' || i", 300_000)],
    index: 'create index i on t (id)',
    bloat: ['delete from t where id <= 250000'],
  },
]

export const bloatOf = (shape: BloatShape): readonly string[] => shape.bloat ?? DELETED
