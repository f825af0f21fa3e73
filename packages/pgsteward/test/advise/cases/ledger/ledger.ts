// A ledger. Hard here: entries that are written all day and may carry few indexes, two columns joined by OR, queues with locks,
// a union view, a report by CTE, a key to be found by an expression in a document, and a balance whose updates must stay heap-only.

import type { AdviceCase } from '../advice-case.ts'

const NOW = "'2026-03-01 00:00:00+00'"

export const ledger: AdviceCase = {
  title: "A bank's ledger",
  statements: [
    {
      id: 'log_in',
      sql: 'select id, full_name, kyc_state from customer where lower(email) = $1',
      callsPerMinute: 100,
      samples: [["'user.17@post2.example'"], ["'user.4242@post2.example'"]],
    },
    {
      id: 'accounts',
      sql: 'select id, iban, balance from account where customer_id = $1 and closed_at is null order by id',
      callsPerMinute: 300,
      samples: [['17'], ['4242']],
    },
    {
      id: 'by_iban',
      sql: 'select id, customer_id from account where iban = $1',
      callsPerMinute: 500,
      samples: [["'XX000000000000000017'"]],
    },
    {
      id: 'lock_pair',
      sql: 'select id, balance, version from account where id in ($1, $2) order by id for update',
      callsPerMinute: 600,
      samples: [['17', '4242']],
    },
    {
      id: 'entries',
      sql: 'select id, amount, balance_after, created_at from entry where account_id = $1 order by created_at desc, id desc limit 30',
      callsPerMinute: 400,
      samples: [['1'], ['170'], ['4242']],
    },
    {
      id: 'entries_next',
      sql: `select id, amount, balance_after, created_at from entry where account_id = $1 and (created_at, id) < ($2, $3)
             order by created_at desc, id desc limit 30`,
      callsPerMinute: 100,
      samples: [
        ['1', "'2025-10-01 00:00:00+00'", '130000'],
        ['2', "'2025-12-01 00:00:00+00'", '150000'],
      ],
    },
    {
      id: 'month',
      sql: `select sum(amount) filter (where amount > 0) as credit, sum(amount) filter (where amount < 0) as debit from entry
             where account_id = $1 and created_at >= $2 and created_at < $3`,
      callsPerMinute: 80,
      samples: [
        ['1', "'2026-01-01 00:00:00+00'", "'2026-02-01 00:00:00+00'"],
        ['4242', "'2025-11-01 00:00:00+00'", "'2025-12-01 00:00:00+00'"],
      ],
    },
    {
      id: 'entries_of_transfer',
      sql: 'select account_id, amount from entry where transfer_id = $1',
      callsPerMinute: 250,
      samples: [['17'], ['42420']],
    },
    {
      id: 'unbalanced',
      sql: 'select transfer_id from entry where booked_on = $1 group by transfer_id having sum(amount) <> 0',
      callsPerMinute: 0.02,
      samples: [["'2026-02-27'"]],
    },
    {
      id: 'same_request',
      sql: 'select id, state from transfer where idempotency_key = $1',
      callsPerMinute: 600,
      samples: [["'key-c4ca4238a0b923820dcc509a6f75849b'"], ["'key-nothing'"]],
    },
    {
      id: 'pending',
      sql: `select id, from_account, to_account, amount from transfer where state = 'pending' and requested_at < $1
             order by requested_at limit 50 for update skip locked`,
      callsPerMinute: 120,
      samples: [["'2026-02-28 23:00:00+00'"]],
    },
    {
      id: 'review',
      sql: `select id, amount, requested_at from transfer where state = 'review' order by amount desc limit 20`,
      callsPerMinute: 30,
      samples: [[]],
    },
    {
      id: 'either_side',
      sql: 'select id, from_account, to_account, amount from transfer where from_account = $1 or to_account = $1 order by requested_at desc limit 20',
      callsPerMinute: 150,
      samples: [['170'], ['4242']],
    },
    {
      id: 'velocity',
      sql: `with recent as (select amount from transfer where from_account = $1 and requested_at >= $2)
             select count(*), coalesce(sum(amount), 0) from recent`,
      callsPerMinute: 400,
      samples: [
        ['1', "'2026-02-27 00:00:00+00'"],
        ['4242', "'2026-02-20 00:00:00+00'"],
      ],
    },
    {
      id: 'reference',
      sql: 'select id, reference, amount from transfer where reference ilike $1 order by requested_at desc limit 20',
      callsPerMinute: 10,
      samples: [["'%gift 4711%'"], ["'%salary 123%'"]],
    },
    {
      id: 'invoice',
      sql: `select id, state from transfer where details ->> 'invoice' = $1`,
      callsPerMinute: 40,
      samples: [["'INV-77'"], ["'INV-4711'"]],
    },
    {
      id: 'flagged',
      sql: 'select id, amount from transfer where details @> $1',
      callsPerMinute: 12,
      samples: [[`'{"rule": "velocity"}'`]],
    },
    {
      id: 'held',
      sql: 'select coalesce(sum(amount), 0) from hold where account_id = $1 and released_at is null',
      callsPerMinute: 700,
      samples: [['17'], ['4242']],
    },
    {
      id: 'expired_holds',
      sql: 'select id, account_id from hold where released_at is null and expires_at < $1 order by expires_at limit 100 for update skip locked',
      callsPerMinute: 30,
      samples: [["'2025-09-10 00:00:00+00'"], [NOW]],
    },
    {
      id: 'by_card',
      sql: 'select id, account_id, state from card where pan_hash = $1',
      callsPerMinute: 400,
      samples: [["'\\xed92eff813a02a31a2677be0563a0739'"]],
    },
    {
      id: 'payees',
      sql: 'select id, iban, label from payee where customer_id = $1 order by label',
      callsPerMinute: 60,
      samples: [['17'], ['4242']],
    },
    {
      id: 'payees_like',
      sql: 'select id, iban, label from payee where customer_id = $1 and label like $2',
      callsPerMinute: 40,
      samples: [['17', "'Pow%'"]],
    },
    {
      id: 'rates',
      sql: 'select distinct on (pair) pair, rate from fx_rate where pair = any ($1) and at <= $2 order by pair, at desc',
      callsPerMinute: 50,
      samples: [["'{EURUSD,EURCHF}'", NOW]],
    },
    {
      id: 'last_login',
      sql: 'select max(at) from login where customer_id = $1 and ok',
      callsPerMinute: 100,
      samples: [['17'], ['4242']],
    },
    {
      id: 'attacks',
      sql: 'select count(*) from login where ip = $1 and at >= $2 and not ok',
      callsPerMinute: 90,
      samples: [
        ["'10.1.7.7'", "'2026-02-20 00:00:00+00'"],
        ["'10.50.7.7'", "'2026-02-01 00:00:00+00'"],
      ],
    },
    {
      id: 'find_customer',
      sql: 'select id, full_name from customer where full_name ilike $1 limit 20',
      callsPerMinute: 8,
      samples: [["'%enno van family17%'"], ["'%family2999%'"]],
    },
    {
      id: 'kyc_queue',
      sql: `select id, full_name from customer where kyc_state = 'waiting' order by created_at limit 20`,
      callsPerMinute: 20,
      samples: [[]],
    },
    {
      id: 'statement_files',
      sql: 'select id, period from statement_file where account_id = $1 and period && daterange($2, $3)',
      callsPerMinute: 40,
      samples: [['17', "'2025-10-01'", "'2026-01-01'"]],
    },
    {
      id: 'movements',
      sql: 'select at, amount, kind from movement where account_id = $1 order by at desc limit 20',
      callsPerMinute: 40,
      samples: [['1'], ['4242']],
    },
    {
      id: 'richest',
      sql: 'select id, balance from account order by balance desc limit 20',
      callsPerMinute: 0.1,
      samples: [[]],
    },
    {
      id: 'history_of_row',
      sql: 'select actor, change, at from audit where table_name = $1 and row_id = $2 order by at desc',
      callsPerMinute: 0.02,
      samples: [["'account'", '17']],
    },
    {
      id: 'by_country',
      sql: 'select country, count(*) from customer group by country order by 2 desc',
      callsPerMinute: 0.5,
      samples: [[]],
    },
    {
      id: 'book',
      sql: 'update account set balance = balance + $1, version = version + 1 where id = $2',
      callsPerMinute: 1200,
      samples: [
        ['5', '17'],
        ['-5', '4242'],
      ],
    },
    {
      id: 'request',
      sql: `insert into transfer values ($1, $2, $3, 'key-new', 'rent 77', 99, 'pending', '{"channel": "app", "invoice": "INV-9"}', ${NOW}, null)`,
      callsPerMinute: 600,
      samples: [['100000001', '17', '18']],
    },
    {
      id: 'settle',
      sql: `update transfer set state = 'settled', settled_at = ${NOW} where id = $1`,
      callsPerMinute: 550,
      samples: [['1717']],
    },
    {
      id: 'enter',
      sql: `insert into entry values ($1, 17, 17, -99, 1000, date '2026-03-01', ${NOW}), ($1 + 1, 17, 18, 99, 1000, date '2026-03-01', ${NOW})`,
      callsPerMinute: 600,
      samples: [['100000001']],
    },
    {
      id: 'hold',
      sql: `insert into hold values ($1, 17, 50, '2026-03-08 00:00:00+00', null, ${NOW})`,
      callsPerMinute: 400,
      samples: [['100000001']],
    },
    {
      id: 'release',
      sql: `update hold set released_at = ${NOW} where id = $1`,
      callsPerMinute: 390,
      samples: [['1717']],
    },
    {
      id: 'note_login',
      sql: `insert into login (customer_id, ip, ok, at) values (17, '10.1.7.7', true, ${NOW})`,
      callsPerMinute: 190,
      samples: [[]],
    },
    {
      id: 'note_change',
      sql: `insert into audit (actor, table_name, row_id, change, at) values (7, 'account', 17, '{"by": "app"}', ${NOW})`,
      callsPerMinute: 2500,
      samples: [[]],
    },
    {
      id: 'forget_customer',
      sql: 'delete from customer where id = $1 and not exists (select from account where customer_id = $1)',
      callsPerMinute: 0.5,
      samples: [['5990'], ['19990']],
    },
  ],
  expected: [
    { sql: 'create index on customer (lower(email))', why: 'an expression', serves: ['log_in'] },
    {
      sql: 'create index on account (customer_id)',
      why: 'of one customer; a foreign key of a parent that is deleted',
      serves: ['accounts', 'forget_customer'],
    },
    {
      sql: 'create index on entry (account_id, created_at, id)',
      why: 'pages by keyset, sums of a month, the union view',
      serves: ['entries', 'entries_next', 'month', 'movements'],
    },
    { sql: 'create index on entry (transfer_id)', why: 'both sides of one', serves: ['entries_of_transfer'] },
    { sql: 'create index on transfer (idempotency_key)', why: 'one row of all', serves: ['same_request'] },
    {
      sql: "create index on transfer (requested_at) where state = 'pending'",
      why: 'a queue: 2 % of the rows',
      serves: ['pending'],
    },
    {
      sql: "create index on transfer (amount) where state = 'review'",
      why: '1 % of the rows',
      serves: ['review'],
    },
    {
      sql: 'create index on transfer (from_account, requested_at)',
      why: 'velocity, and one arm of the OR',
      serves: ['velocity', 'either_side'],
    },
    {
      sql: 'create index on transfer (to_account)',
      why: 'the other arm of the OR',
      serves: ['either_side'],
    },
    {
      sql: 'create index on transfer using gin (reference gin_trgm_ops)',
      why: 'a part of a text',
      serves: ['reference'],
    },
    {
      sql: "create index on transfer ((details ->> 'invoice'))",
      why: 'a part of a document',
      serves: ['invoice'],
    },
    {
      sql: 'create index on transfer using gin (details jsonb_path_ops)',
      why: 'a document that holds another',
      serves: ['flagged'],
    },
    {
      sql: 'create index on hold (account_id) where released_at is null',
      why: '6 % of the rows',
      serves: ['held', 'movements'],
    },
    {
      sql: 'create index on hold (expires_at) where released_at is null',
      why: '6 % of the rows, in another order',
      serves: ['expired_holds'],
    },
    { sql: 'create index on card (pan_hash)', why: 'one row of all', serves: ['by_card'] },
    {
      sql: 'create index on payee (customer_id, label)',
      why: 'of one customer, and a cascade',
      serves: ['payees', 'payees_like', 'forget_customer'],
    },
    { sql: 'create index on login (customer_id, at)', why: 'the last of one', serves: ['last_login'] },
    { sql: 'create index on login (ip, at) where not ok', why: '5 % of the rows', serves: ['attacks'] },
    {
      sql: 'create index on customer using gin (full_name gin_trgm_ops)',
      why: 'a part of a name',
      serves: ['find_customer'],
    },
    {
      sql: "create index on customer (created_at) where kyc_state = 'waiting'",
      why: '1 % of the rows',
      serves: ['kyc_queue'],
    },
    {
      sql: 'create index on statement_file (account_id)',
      why: 'of one account',
      serves: ['statement_files'],
    },
  ],
  traps: [
    { table: 'country', kind: 'any', column: null, why: '60 rows' },
    { table: 'account', kind: 'held', column: 'balance', why: 'ends HOT on 1200 updates a minute' },
    { table: 'account', kind: 'held', column: 'version', why: 'ends HOT on 1200 updates a minute' },
    { table: 'audit', kind: 'any', column: null, why: '2500 inserts a minute, asked once an hour' },
    { table: 'entry', kind: 'first', column: 'booked_on', why: '1200 rows a minute, asked once an hour' },
    { table: 'customer', kind: 'first', column: 'country', why: 'few values, and nothing searches by it' },
    { table: 'transfer', kind: 'held', column: 'settled_at', why: 'nothing searches by it' },
    { table: 'card', kind: 'first', column: 'account_id', why: 'a foreign key that nothing searches by' },
  ],
}
