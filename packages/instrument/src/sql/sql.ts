// `@pgsteward/instrument/sql`: text about SQL, the same in the application and in the server.

export { addCommentTags, commentTags } from './sql-comments.ts'
export { FINGERPRINT_VERSION, fingerprintOf } from './sql-fingerprint.ts'
export { normaliseSql } from './sql-normalise.ts'
export { redactSql } from './sql-redact.ts'
export { type StatementSummary, summaryOf } from './sql-summary.ts'
