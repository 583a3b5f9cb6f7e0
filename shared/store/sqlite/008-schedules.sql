-- What is sent by the clock: since when each schedule is kept as it is, and what became of its planned times.
create table handoff_schedules (
  namespace text not null,
  schedule text not null,
  plan text not null,
  since text not null,
  primary key (namespace, schedule)
) without rowid;

-- A firing belongs to who has claimed it until then; outcome is null while nobody has ended it. Planned times are UTC text
-- such as 2026-01-31T03:00:00.000Z, the others seconds since 1970.
create table handoff_firings (
  namespace text not null,
  schedule text not null,
  planned_at text not null,
  claimed_by text not null,
  claimed_until real not null,
  outcome text,
  ended_at real,
  primary key (namespace, schedule, planned_at)
) without rowid;
