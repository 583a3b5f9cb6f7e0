-- Work on messages that came back without a verdict: how often it began and did not end. A row goes when
-- the work ends, unless it ended in a dead letter: then parked_as holds why.
create table handoff_starts (
  group_name text not null,
  source text not null,
  id text not null,
  replays integer not null,
  starts integer not null,
  parked_as text,
  started_at timestamptz not null default now(),
  primary key (group_name, source, id, replays)
);
