// The faults planted in the demo's database, as data: what a watcher must find, how each came about and how it is mended. Those
// of the running application are in app/faults.ts.

import { migration, statementsOf } from './migrations.ts'

export interface PlantedFault {
  readonly id: string
  readonly title: string
  /** What a finding would name: an index, table, sequence, slot, role, or application_name. */
  readonly subject: string
  /** Statements to run one by one in one session, outside a transaction block; repeatable. */
  readonly plant: readonly string[]
  readonly mend: readonly string[]
  /** SQLSTATE with which the last planting statement fails, by intention. */
  readonly failsWith?: string
}

const missingIndex = (id: string, title: string, name: string, on: string): PlantedFault => ({
  id,
  title,
  subject: name,
  plant: [`drop index if exists ${name}`],
  mend: [`create index concurrently if not exists ${name} on ${on}`],
})

const surplusIndex = (id: string, title: string, name: string, on: string): PlantedFault => ({
  id,
  title,
  subject: name,
  plant: [`create index concurrently if not exists ${name} on ${on}`],
  mend: [`drop index concurrently if exists ${name}`],
})

const COMPOSITE_INDEXES = ['conversation_indexes', 'broadcast_and_billing_indexes'].flatMap((name) =>
  statementsOf(migration(name)),
)

export const PLANTED_FAULTS: readonly PlantedFault[] = [
  {
    id: 'missing-composite-indexes',
    title: 'The two migrations with the seven composite indexes were never deployed',
    subject: 'member, conversation, conversation_message, message, delivery, payment, assessment',
    plant: COMPOSITE_INDEXES.map((sql) => `drop index if exists ${/not exists (\w+)/.exec(sql)?.[1]}`),
    mend: COMPOSITE_INDEXES,
  },
  {
    ...missingIndex(
      'foreign-key-without-index-delivery',
      'The foreign key delivery.message_recipient_id has no index: each removed recipient scans all deliveries',
      'delivery_message_recipient_id_idx',
      'delivery (message_recipient_id)',
    ),
    subject: 'delivery',
  },
  {
    ...missingIndex(
      'foreign-key-without-index-evidence-file',
      'The foreign key evidence_file.answer_id has no index: each withdrawn answer scans all evidence files',
      'evidence_file_answer_id_idx',
      'evidence_file (answer_id)',
    ),
    subject: 'evidence_file',
  },
  {
    ...missingIndex(
      'missing-index',
      "The carrier's webhook looks messages up by carrier_message_id, which no index serves",
      'conversation_message_carrier_message_id_idx',
      'conversation_message (carrier_message_id)',
    ),
    subject: 'conversation_message',
  },
  surplusIndex(
    'unused-index',
    'An index for a search by phone that was never built',
    'message_recipient_phone_idx',
    'message_recipient (phone)',
  ),
  surplusIndex(
    'duplicate-index',
    'The same index as message_recipient_member_id_idx under a second name',
    'message_recipient_member_idx',
    'message_recipient (member_id)',
  ),
  surplusIndex(
    'redundant-index',
    'A prefix of the unique index answer_assessment_id_question_number_key',
    'answer_assessment_id_idx',
    'answer (assessment_id)',
  ),
  {
    id: 'invalid-index',
    title: 'A unique index that failed to build, because families share an e-mail address',
    subject: 'member_church_id_email_key',
    plant: [
      'drop index concurrently if exists member_church_id_email_key',
      'create unique index concurrently member_church_id_email_key on member (church_id, email)',
    ],
    failsWith: '23505',
    mend: ['drop index concurrently if exists member_church_id_email_key'],
  },
  {
    id: 'autovacuum-disabled',
    title: 'Autovacuum was switched off for a table that is updated all the time: its dead tuples stay',
    subject: 'app_session',
    plant: [
      'alter table app_session set (autovacuum_enabled = false)',
      'analyze app_session',
      'update app_session set last_seen_at = last_seen_at',
      'update app_session set last_seen_at = last_seen_at',
      // fresh indexes: the fault is the table's
      'reindex table concurrently app_session',
    ],
    mend: ['alter table app_session reset (autovacuum_enabled)', 'vacuum (full, analyze) app_session'],
  },
  {
    id: 'stale-statistics',
    title: 'A table that more than doubled since its last ANALYZE, with automatic analysis tuned away',
    subject: 'group_membership',
    plant: [
      'alter table group_membership set (autovacuum_analyze_threshold = 100000000)',
      'create temporary table imported as select * from group_membership where member_group_id % 5 < 3',
      'delete from group_membership where member_group_id % 5 < 3',
      'vacuum (analyze) group_membership',
      'insert into group_membership select * from imported on conflict do nothing',
      'drop table imported',
    ],
    mend: [
      'alter table group_membership reset (autovacuum_analyze_threshold)',
      'vacuum (analyze) group_membership',
    ],
  },
  {
    id: 'sequence-near-end',
    title: 'The int4 identity of the audit log has used most of its range',
    subject: 'audit_log_id_seq',
    plant: [
      'alter table audit_log alter column id type integer',
      "select pg_catalog.setval('audit_log_id_seq', greatest(1890000000, (select last_value from audit_log_id_seq)))",
    ],
    mend: ['alter table audit_log alter column id type bigint'],
  },
  {
    id: 'bloated-index',
    title: 'An index whose pages are four fifths empty, as after a mass deletion',
    subject: 'audit_log_church_id_created_at_idx',
    plant: [
      // After sequence-near-end, which may rewrite the table with its indexes.
      // Built sparse, then declared normal: the same pages as months of deletions leave, in a fraction of the time.
      'drop index if exists audit_log_church_id_created_at_idx',
      'create index audit_log_church_id_created_at_idx on audit_log (church_id, created_at) with (fillfactor = 18)',
      'alter index audit_log_church_id_created_at_idx reset (fillfactor)',
    ],
    mend: ['reindex index concurrently audit_log_church_id_created_at_idx'],
  },
  {
    id: 'table-without-primary-key',
    title: "The carrier's events have no primary key",
    subject: 'carrier_event',
    plant: ['alter table carrier_event drop constraint if exists carrier_event_pkey'],
    mend: [
      'alter table carrier_event drop constraint if exists carrier_event_pkey',
      'alter table carrier_event add constraint carrier_event_pkey primary key (id)',
    ],
  },
  {
    id: 'not-valid-constraint',
    title: 'A check constraint that was added for new rows and never validated',
    subject: 'assessment_score_range',
    plant: [
      'alter table assessment drop constraint if exists assessment_score_range',
      'alter table assessment add constraint assessment_score_range check (score between 0 and 100) not valid',
    ],
    mend: [
      'alter table assessment drop constraint if exists assessment_score_range',
      'alter table assessment add constraint assessment_score_range check (score between 0 and 100) not valid',
      'alter table assessment validate constraint assessment_score_range',
    ],
  },
  {
    id: 'small-work-mem',
    title: "work_mem of the application's role is so small that the report of corrections sorts on disk",
    subject: 'messaging_app',
    plant: ["alter role messaging_app set work_mem = '512kB'"],
    mend: ['alter role messaging_app reset work_mem'],
  },
  {
    id: 'inactive-replication-slot',
    title: 'A replication slot of a warehouse that nobody reads any more holds WAL back',
    subject: 'messaging_warehouse',
    plant: [
      `select pg_catalog.pg_create_physical_replication_slot('messaging_warehouse', true)
        where not exists (select from pg_catalog.pg_replication_slots where slot_name = 'messaging_warehouse')`,
    ],
    mend: [
      `select pg_catalog.pg_drop_replication_slot(slot_name)
         from pg_catalog.pg_replication_slots where slot_name = 'messaging_warehouse'`,
    ],
  },
]
