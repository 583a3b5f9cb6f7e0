/** A place in PostgreSQL's log. */
export type Lsn = bigint
