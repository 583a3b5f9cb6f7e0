-- A row of a message that was parked keeps its copies from having an effect beside the dead letter: after how many
-- replays it was. Null where the effect was applied.
alter table handoff_inbox add column parked_replays integer;
