-- What is sent on schedule: each period to each channel once, whichever process does it.

create table pgsteward.mailing (
  kind           text not null,
  channel        text not null,
  -- the local day of its place, or whatever names the period
  period         text not null,
  -- waiting, sending, sent, given-up
  state          text not null,
  attempts       int not null,
  not_before     timestamptz not null,
  claimed_until  timestamptz,
  sent_at        timestamptz,
  last_error     text,
  created_at     timestamptz not null,
  primary key (kind, channel, period)
);
