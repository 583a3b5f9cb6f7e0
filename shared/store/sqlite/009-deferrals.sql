-- Messages that wait until they are due: whoever changes the state from 'waiting' first, to 'due' or to 'cancelled', has
-- decided what becomes of them. Times are seconds since 1970.
create table handoff_deferrals (
  source text not null,
  id text not null,
  state text not null,
  due_at real not null,
  primary key (source, id)
) without rowid;
create index handoff_deferrals_due_at on handoff_deferrals (due_at);
