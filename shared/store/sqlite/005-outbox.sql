-- Messages that are to be published once the transaction that wrote them has been committed. Any program may insert a
-- row; type and data suffice. Times are UTC text, but for claimed_until: seconds since 1970.
create table handoff_outbox (
  seq integer primary key autoincrement,
  id text not null default (lower(hex(randomblob(16)))),
  type text not null,
  data text not null,
  ordering_key text,
  source text,
  time text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  extensions text not null default '{}',
  created_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  claimed_by text,
  claimed_until real,
  refused text
);

create index handoff_outbox_by_key on handoff_outbox (ordering_key, seq) where ordering_key is not null;

create index handoff_outbox_claims on handoff_outbox (ordering_key, claimed_by)
  where ordering_key is not null and claimed_by is not null;

create index handoff_outbox_refused on handoff_outbox (seq) where refused is not null;
