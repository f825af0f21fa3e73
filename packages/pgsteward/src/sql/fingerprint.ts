// Fingerprints of statements: the application's and ours must be the same, so the instrument package holds the one implementation.

export { commentTags, fingerprintOf, normaliseSql, redactSql, summaryOf } from '@pgsteward/instrument/sql'
