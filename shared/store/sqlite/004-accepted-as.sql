-- With which outcome a keyed request was answered: its repeats are answered the same.
alter table handoff_idempotency add column accepted_as text;
