// Where New Relic's API is, by region. Apart from what asks it: the configuration knows regions, and must not load an HTTP client.

export const NERDGRAPH_URL = {
  us: 'https://api.newrelic.com/graphql',
  eu: 'https://api.eu.newrelic.com/graphql',
  jp: 'https://api.jp.newrelic.com/graphql',
} as const
export type Region = keyof typeof NERDGRAPH_URL
