-- What the log of steps says of each message, and how far that log has been read. begun_at is in seconds since 1970.
--
-- Messages come with random ids. In a tree by id each new row would make a page of its own dirty, and each step that is
-- added to it once more; so rows lie in the order in which they came, and a small index finds them.
create table handoff_journal (
  id text not null,
  source text not null,
  type text not null,
  state text not null,
  correlation_id text,
  causation_id text,
  steps text not null,
  begun_at integer not null default (unixepoch()),
  primary key (id, source)
);

create index handoff_journal_begun_at on handoff_journal (begun_at);

create index handoff_journal_causation on handoff_journal (causation_id, begun_at, id) where causation_id is not null;

create index handoff_journal_correlation on handoff_journal (correlation_id, begun_at, id)
  where correlation_id is not null;

create table handoff_journal_position (
  log text not null primary key,
  log_offset integer not null,
  entry_id text not null
);
