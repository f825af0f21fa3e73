// The instrumentation scope of what pgsteward sends over OTLP. Its own door leaves it out: told of itself it would count itself.

export const EXPORT_SCOPE = 'pgsteward.export'
