-- Alerts: lives of findings as people are told of them; the outbox of what is on its way; silences.

alter table pgsteward.finding add column quiet_since timestamptz;
alter table pgsteward.finding add column openings timestamptz[] not null default '{}';

create table pgsteward.alert (
  id                    bigint generated always as identity primary key,
  target_id             int not null references pgsteward.target,
  finding_key           text not null,
  -- of the finding: names this life of it
  opened_at             timestamptz not null,
  state                 text not null,
  severity              text not null,
  -- number of the last event; changes are made only by who has seen it
  seq                   int not null,
  channels              text[] not null,
  silenced_by           text,
  told_at               timestamptz,
  acknowledged_by       text,
  acknowledged_until    timestamptz,
  escalations           int not null,
  next_escalation_at    timestamptz,
  resolved_at           timestamptz,
  unique (target_id, finding_key, opened_at)
);
create index on pgsteward.alert (target_id) where state <> 'resolved';
create index on pgsteward.alert (resolved_at) where state = 'resolved';

create table pgsteward.alert_event (
  alert_id  bigint not null references pgsteward.alert on delete cascade,
  seq       int not null,
  at        timestamptz not null,
  event     text not null,
  severity  text not null,
  actor     text,
  because   text,
  primary key (alert_id, seq)
);

create table pgsteward.delivery (
  id             bigint generated always as identity primary key,
  alert_id       bigint not null references pgsteward.alert on delete cascade,
  seq            int not null,
  channel        text not null,
  -- of the alert, for the order
  target_id      int not null,
  finding_key    text not null,
  event          text not null,
  severity       text not null,
  message        jsonb not null,
  -- waiting, sending, sent, given-up
  state          text not null,
  created_at     timestamptz not null,
  not_before     timestamptz not null,
  -- those that go out together; kept over tries, so that a receiver can tell a repetition
  batch          text,
  attempts       int not null default 0,
  claimed_until  timestamptz,
  sent_at        timestamptz,
  last_error     text,
  receipt        text,
  unique (alert_id, seq, channel)
);
create index on pgsteward.delivery (channel, id) where state in ('waiting', 'sending');
create index on pgsteward.delivery (batch) where state in ('waiting', 'sending');

create table pgsteward.silence (
  id          bigint generated always as identity primary key,
  match       jsonb not null,
  from_at     timestamptz not null,
  until_at    timestamptz not null,
  by_whom     text not null,
  because     text not null,
  created_at  timestamptz not null,
  ended_at    timestamptz,
  ended_by    text
);
create index on pgsteward.silence (until_at);
