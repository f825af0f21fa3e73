// Who the built-in scenarios sign in as: the demo's generated staff, owner and administrator of its twenty largest churches.

import type { RequestStepInput } from '../../model/scenario.ts'

/** Of all generated staff; examples/messaging/src/demo-settings.ts. No secret: it opens made-up data on one's own machine. */
const DEMO_PASSWORD = 'messaging-demo'
/** The demo has as many at any scale. */
const CHURCHES = 20

/** The owners first: few users work in the largest churches, as most people do, and many spread over all. */
export const STAFF = [1, 2].flatMap((user) =>
  Array.from({ length: CHURCHES }, (_, church) => ({
    email: `user${user}@church-${church + 1}.example`,
    password: DEMO_PASSWORD,
  })),
)

/** Once for each virtual user: a password check costs the server 50 ms of a core, on purpose. */
export const SIGN_IN: RequestStepInput = {
  name: 'POST /api/sign-in',
  feature: 'sign-in',
  method: 'POST',
  path: '/api/sign-in',
  json: { email: '{{staff.email}}', password: '{{staff.password}}' },
  checks: [{ json: 'id' }, { header: 'set-cookie' }],
}
