-- Times are UTC text such as 2026-01-31T12:00:00.000Z: they sort, and a person can read them.
create table handoff_inbox (
  group_name text not null,
  source text not null,
  id text not null,
  done_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  primary key (group_name, source, id)
) without rowid;

create index handoff_inbox_done_at on handoff_inbox (done_at);

create table handoff_idempotency (
  id text not null primary key,
  fingerprint text not null,
  accepted_at text,
  created_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))
) without rowid;

create index handoff_idempotency_created_at on handoff_idempotency (created_at);
