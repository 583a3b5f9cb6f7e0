create table handoff_inbox (
  group_name text not null,
  source text not null,
  id text not null,
  done_at timestamptz not null default now(),
  primary key (group_name, source, id)
);

create index handoff_inbox_done_at on handoff_inbox (done_at);

create table handoff_idempotency (
  id text not null primary key,
  fingerprint text not null,
  accepted_at timestamptz,
  created_at timestamptz not null default now()
);

create index handoff_idempotency_created_at on handoff_idempotency (created_at);
