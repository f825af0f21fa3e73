// The settings that the demo's server starts with: what a careful administrator would choose for a small machine, so that every
// finding on the demo is one of the planted faults.

export const DEMO_DATABASE = 'messaging'

/** Of all generated staff: user1@church-1.example and so on. */
export const DEMO_PASSWORD = 'messaging-demo'

/** Setting name to value, as for `postgres -c name=value`. */
export const DEMO_SETTINGS: Readonly<Record<string, string>> = {
  shared_preload_libraries: 'pg_stat_statements,auto_explain',
  compute_query_id: 'on',
  track_io_timing: 'on',
  track_activity_query_size: '4096',
  'pg_stat_statements.max': '5000',
  'pg_stat_statements.track': 'top',
  // some of what lacks an index, and each kind of spill
  'auto_explain.log_min_duration': '50ms',
  'auto_explain.log_format': 'json',
  'auto_explain.sample_rate': '0.5',
  // rows as they were, without a clock for each step, which costs most
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_buffers': 'on',

  max_connections: '60',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  work_mem: '8MB',
  maintenance_work_mem: '128MB',
  random_page_cost: '1.1',
  // OLTP statements of milliseconds: compiling them costs more than it saves
  jit: 'off',

  wal_compression: 'on',
  checkpoint_timeout: '15min',
  checkpoint_completion_target: '0.9',
  max_wal_size: '2GB',
  // bounds what the forgotten replication slot can hold
  max_slot_wal_keep_size: '1GB',

  autovacuum: 'on',
  idle_in_transaction_session_timeout: '10min',
  log_lock_waits: 'on',
  log_checkpoints: 'on',
  log_temp_files: '0',
  log_autovacuum_min_duration: '1s',
  log_min_duration_statement: '1s',
  log_line_prefix: '%m [%p] %q%u@%d %a ',
}
