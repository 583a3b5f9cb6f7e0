-- Nobody waits for seven o'clock to see an example: the store says that producers began to keep the schedule two days
-- ago, as where all of them were stopped since. A domain of your own has no such file; a producer writes the row.
insert into handoff_schedules (namespace, schedule, plan, since) values (
  'example-scheduled-reminder',
  'morning-digest',
  '0 7 * * * UTC',
  strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-2 days')
);
