// Logins that failed, over an hour.

import { loggedEvents } from './logged-events.ts'

export const logFailedLogins = loggedEvents({
  id: 'log-failed-logins',
  title: 'Logins that failed, as the log tells, over an hour',
  classes: [
    'password-failed',
    'scram-failed',
    'authentication-failed',
    'peer-authentication-failed',
    'ldap-authentication-failed',
    'certificate-authentication-failed',
    'login-role-missing',
    'login-not-permitted',
    'connect-permission-denied',
    'hba-entry-missing',
    'hba-rejected',
  ],
  overMs: 3_600_000,
})
