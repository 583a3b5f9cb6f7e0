/**
 * SQL that lets PostgreSQL refuse each new row of the table as it does when its disk is full: by the same code, while rows
 * that are there can still be changed. The sequence `refusals` counts on, also when a transaction is undone.
 */
export function diskIsFullFor(table: string): string {
  return `create sequence refusals;
    create function refuse_for_want_of_room() returns trigger language plpgsql as $$ begin
      perform nextval('refusals');
      raise exception 'could not extend file: No space left on device' using errcode = '53100';
    end $$;
    create trigger full_disk before insert on ${table} for each statement execute function refuse_for_want_of_room()`
}

export function diskHasRoomFor(table: string): string {
  return `drop trigger full_disk on ${table}`
}
