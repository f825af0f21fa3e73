// log_line_prefix as packages and providers set it, tried in this order: what says more comes first, since a short prefix matches
// within a longer one only by chance.

export const KNOWN_PREFIXES: readonly string[] = [
  // PostgreSQL's default, Debian's, and what guides recommend
  '%m [%p] %q%u@%d ',
  '%m [%p] ',
  '%t [%p] %q%u@%d ',
  '%t [%p]: ',
  '%m [%p] %q[user=%u,db=%d,app=%a] ',
  '%m [%p] %q[user=%u,db=%d,app=%a,host=%h] ',
  '%m [%p] %q%u@%d/%a ',
  '%m [%p] %q%u@%d %a ',
  '%m [%p] %q%u@%d,app=%a ',
  '%m [%p] %u@%d ',
  '%m [%p] %q%u@%d %h ',
  '%m [%p] %q%u@%d [%a] ',
  '%m [%p] user=%u,db=%d,app=%a,client=%h ',
  '%m [%p] %e %q%u@%d ',
  '%m [%p] %Q %q%u@%d ',
  '%m [%p] db=%d,user=%u,app=%a,client=%h ',
  '%m [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ',
  '%m [%p]: [%l-1] db=%d,user=%u ',
  '%m [%p][%b][%v][%x] %q[user=%u,db=%d,app=%a] ',
  '%m [%p][%v] : [%l-1] %q[app=%a] ',
  '%t [%p-%l] %q%u@%d ',
  '%t [%p] %q%u@%d %h ',
  // pgBadger's documentation
  '%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h ',
  '%t [%p]: user=%u,db=%d,app=%a,client=%h ',
  '%t [%p]: [%l-1] user=%u,db=%d ',
  '%t [%p]: [%l-1] user=%u,db=%d - PG-%e ',
  '%t [%p]: [%l-1] ',
  // Amazon RDS and Aurora
  '%t:%r:%u@%d:[%p]:',
  '%m:%r:%u@%d:[%p]:%l:%e:%s:%v:%x:%c:%q%a:',
  '%m:%r:%u@%d:[%p]:%l:%e:%s:%v:%x:%c:%q%a',
  // Azure
  '%t-%c-',
  // Google Cloud SQL
  '%m [%p]: [%l-1] db=%d,user=%u,host=%h ',
  // Supabase
  '%h %m [%p] %q%u@%d ',
  // Crunchy, CloudNativePG, Zalando
  '%t [%p]: [%l-1] %c %x %d %u %a %h ',
  '%t [%p]: [%l-1] user=%u,db=%d,app=%a,client=%h,txid=%x ',
  '%m %d %u [%p]',
  // Heroku
  ' sql_error_code = %e time_ms = "%m" pid="%p" proc_start_time="%s" session_id="%c" vtid="%v" tid="%x" log_line="%l" %qdatabase="%d" connection_source="%r" user="%u" application_name="%a" ',
  ' sql_error_code = %e ',
  // Render and others with named fields
  'user=%u,db=%d,app=%a,client=%h ',
  'pid=%p,user=%u,db=%d,app=%a,client=%h ',
  'user=%u database=%d app=%a pid=%p ',
  '%m [%p] user=%u database=%d app=%a ',
  '%u@%d [%p] ',
  '[%p] ',
  '%m ',
  '%t ',
  '',
]
