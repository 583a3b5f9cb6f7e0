-- The journal has a file of its own now (journal/001-journal.sql), and is read from its log again.
drop table handoff_journal;
drop table handoff_journal_position;
