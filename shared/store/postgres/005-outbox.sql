-- Messages that are to be published once the transaction that wrote them has been committed. Any program may insert a
-- row; type and data suffice.
create table handoff_outbox (
  seq bigint generated always as identity primary key,
  id text not null default gen_random_uuid()::text,
  type text not null,
  data text not null,
  ordering_key text,
  source text,
  time text not null default to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  extensions text not null default '{}',
  created_at timestamptz not null default clock_timestamp(),
  claimed_by text,
  claimed_until timestamptz,
  refused text
);

create index handoff_outbox_by_key on handoff_outbox (ordering_key, seq) where ordering_key is not null;

create index handoff_outbox_claims on handoff_outbox (ordering_key, claimed_by)
  where ordering_key is not null and claimed_by is not null;

create index handoff_outbox_refused on handoff_outbox (seq) where refused is not null;

create function handoff_outbox_added() returns trigger language plpgsql as $$ begin
  notify handoff_outbox;
  return null;
end $$;

create trigger handoff_outbox_added after insert on handoff_outbox
  for each statement execute function handoff_outbox_added();
