/**
 * How long a delivery that may change its place is kept in hand before it is begun: far below the timeout after which a
 * broker takes deliveries back and counts that against them, 30 minutes or an hour.
 */
export const inHandMs = 300_000
