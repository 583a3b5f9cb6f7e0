-- What lies among the dead letters and has an ordering key: nothing of that key may pass it. Positions tell the order.
-- Where a person put another message in the place of a letter, `replaces_…` names the letter until that message has come.
create table handoff_blocked_keys (
  position bigint generated always as identity primary key,
  group_name text not null,
  ordering_key text not null,
  source text not null,
  id text not null,
  -- SHA-256 of both: a source has no bound, and a row of an index has.
  name_hash text not null,
  replaces_source text,
  replaces_id text,
  replaces_hash text,
  blocked_at timestamptz not null default now(),
  unique (group_name, ordering_key, name_hash)
);
