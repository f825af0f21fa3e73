// How the tests see a planted fault in the catalogs: one statement for each, answering `present`.

const isMissing = (index: string) => `select to_regclass('${index}') is null as present`
const isThere = (index: string) => `select to_regclass('${index}') is not null as present`

export const faultProbes: Readonly<Record<string, string>> = {
  'missing-composite-indexes': `select count(*) = 0 as present from pg_indexes where indexname in (
      'member_church_id_last_name_first_name_id_idx', 'conversation_church_id_last_message_at_id_idx',
      'conversation_message_conversation_id_sent_at_id_idx', 'message_church_id_created_at_id_idx',
      'delivery_church_id_status_updated_at_id_idx', 'payment_church_id_paid_at_id_idx',
      'assessment_church_id_status_created_at_id_idx')`,
  'foreign-key-without-index-delivery': isMissing('delivery_message_recipient_id_idx'),
  'foreign-key-without-index-evidence-file': isMissing('evidence_file_answer_id_idx'),
  'missing-index': isMissing('conversation_message_carrier_message_id_idx'),
  'unused-index': `select coalesce((select idx_scan = 0 from pg_stat_user_indexes
                                     where indexrelname = 'message_recipient_phone_idx'), false) as present`,
  'duplicate-index': isThere('message_recipient_member_idx'),
  'redundant-index': isThere('answer_assessment_id_idx'),
  'invalid-index': `select coalesce((select not indisvalid from pg_index
                                      where indexrelid = to_regclass('member_church_id_email_key')), false) as present`,
  'bloated-index': `select avg_leaf_density < 45 as present from pgstatindex('audit_log_church_id_created_at_idx')`,
  'autovacuum-disabled': `select s.n_dead_tup > s.n_live_tup and coalesce('autovacuum_enabled=false' = any (c.reloptions), false) as present
                            from pg_stat_user_tables s join pg_class c on c.oid = s.relid where s.relname = 'app_session'`,
  'stale-statistics': `select reltuples < 0.6 * (select count(*) from group_membership) as present
                         from pg_class where relname = 'group_membership'`,
  'sequence-near-end': `select last_value > 0.8 * max_value as present
                          from pg_sequences where sequencename = 'audit_log_id_seq'`,
  'table-without-primary-key': `select not exists (select from pg_constraint
                                  where contype = 'p' and conrelid = 'carrier_event'::regclass) as present`,
  'not-valid-constraint':
    "select not convalidated as present from pg_constraint where conname = 'assessment_score_range'",
  'small-work-mem': `select exists (select from pg_db_role_setting
                                     where setrole = 'messaging_app'::regrole and 'work_mem=512kB' = any (setconfig)) as present`,
  'inactive-replication-slot': `select exists (select from pg_replication_slots
                                  where slot_name = 'messaging_warehouse' and not active) as present`,
}
