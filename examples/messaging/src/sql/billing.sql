-- One subscription for each church and its payments over three years.

insert into subscription (id, church_id, plan, status, price_cents, messages_used, current_period_end, started_at)
select s.church_id, s.church_id, p.plan,
       (case when generator.random(s.church_id, 71) < 0.9 then 'ACTIVE' when generator.random(s.church_id, 72) < 0.5 then 'PAST_DUE' else 'TRIAL' end)::subscription_status,
       case p.plan when 'STARTER' then 1900 when 'GROWTH' then 7900 else 24900 end,
       generator.pick(s.church_id, 73, 5000), generator.days_ago(-30 * generator.random(s.church_id, 74)), generator.days_ago(1100)
  from generator.span s
 cross join lateral (select case when s.members < 100 then 'STARTER' when s.members < 1000 then 'GROWTH' else 'UNLIMITED' end as plan) p;

insert into payment (id, church_id, subscription_id, amount_cents, status, provider_reference, paid_at)
select n.id, s.church_id, s.id, s.price_cents + generator.pick(n.id, 75, 500),
       case when generator.random(n.id, 76) < 0.96 then 'SUCCEEDED' when generator.random(n.id, 77) < 0.7 then 'FAILED' else 'REFUNDED' end,
       'pi_' || lpad(n.id::text, 12, '0'), generator.days_ago(1095.0 * (1 - n.id::float8 / (select generator.rows(40000))))
  from (select n as id, 1 + floor((select generator.rows(400, 20)) * generator.random(n, 78) ^ 2)::integer as subscription_id
          from generate_series(1, generator.rows(40000)) n) n
  join subscription s on s.id = n.subscription_id
 order by n.id;
