/**
 * CloudEvents extension of Handoff's own, RFC 3339: when a message was published, written where its way is traced. Its `time`
 * is when it happened, which may be long before.
 */
export const sentAtName = 'handoffsentat'
