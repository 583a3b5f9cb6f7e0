/** One kind of answer that says no. */
export interface ProblemFacts {
  readonly status: number
  readonly title: string
  /** For the caller, in the documents and in every answer from 500 on. */
  readonly whatToDo: string
}

/** Every problem a service answers with. The code is stable: callers may branch on it. */
export const problems = {
  'malformed-request': {
    status: 400,
    title: 'The request is not proper HTTP',
    whatToDo: 'Send a request with a valid request line, valid headers and the body that the headers announce.',
  },
  'unreadable-body': {
    status: 400,
    title: 'The body cannot be read',
    whatToDo:
      'Send valid UTF-8 that parses as its content type says, at most 64 levels deep and without keys that name a prototype.',
  },
  'invalid-event': {
    status: 400,
    title: 'Not a valid CloudEvent',
    whatToDo:
      'Send id, source, specversion "1.0" and type, none of them empty, and attributes as CloudEvents 1.0 has them.',
  },
  'invalid-delay': {
    status: 400,
    title: 'The Handoff-Delay cannot be used',
    whatToDo:
      'Send whole seconds from 1 to 31536000, on a single message that does not say deliverat itself. Nothing was published.',
  },
  'invalid-idempotency-key': {
    status: 400,
    title: 'The Idempotency-Key cannot be used',
    whatToDo:
      'Send a key of 1 to 255 bytes, bare or in double quotes, and none beside a CloudEvent: its id does that work.',
  },
  'invalid-ordering-key': {
    status: 400,
    title: 'The ordering key cannot be used',
    whatToDo:
      'Send a Handoff-Key of 1 to 255 bytes of UTF-8 without control characters, and none beside the partitionkey of a CloudEvent or with many events.',
  },
  'invalid-priority': {
    status: 400,
    title: 'The priority cannot be used',
    whatToDo:
      'Send a whole number from 0 to 9, by header or as the priority of a CloudEvent, and none with an ordering key of a type that has partitions.',
  },
  'key-required': {
    status: 401,
    title: 'A valid API key is needed',
    whatToDo:
      'Send the header "Authorization: Bearer KEY" with a key that is listed in API_KEYS, for the console in CONSOLE_API_KEYS.',
  },
  'invalid-signature': {
    status: 401,
    title: 'The signature does not prove who sent this',
    whatToDo:
      'Sign the very bytes of the body with a secret that is listed in WEBHOOK_SECRETS, and send them within 300 seconds.',
  },
  'may-only-look': {
    status: 403,
    title: 'This key may look and change nothing',
    whatToDo: 'Use a key that is listed in CONSOLE_API_KEYS; those in CONSOLE_READ_KEYS may only look.',
  },
  'cross-site': {
    status: 403,
    title: 'A page of another site may not send here',
    whatToDo: 'Send from a program, or from a page that this service itself serves.',
  },
  'foreign-name': {
    status: 403,
    title: 'The service is not called by this name',
    whatToDo: 'Call it by its address or as localhost, or give it keys: then every name will do.',
  },
  'fault-not-meant': {
    status: 403,
    title: 'The request does not say that it means the fault',
    whatToDo: 'Send the header "Handoff-Fault" with the name of the fault in the path. Nothing was done.',
  },
  'not-found': {
    status: 404,
    title: 'Nothing is here',
    whatToDo: 'Look up the path in /docs or /openapi.json.',
  },
  'unknown-type': {
    status: 404,
    title: 'No such message type',
    whatToDo: 'Use one of the message types in /openapi.json.',
  },
  'unknown-message': {
    status: 404,
    title: 'No such message in the journal',
    whatToDo:
      'Look again in a second; after that the message was never accepted, is older than seven days or is not among those that JOURNAL_SAMPLE picks.',
  },
  'unknown-group': {
    status: 404,
    title: 'No such group',
    whatToDo: 'Use one of the groups that GET /dead-letters lists.',
  },
  'unknown-letter': {
    status: 404,
    title: 'No such dead letter',
    whatToDo: 'List the dead letters of the group; what somebody else holds in this moment is not seen.',
  },
  'unknown-trial': {
    status: 404,
    title: 'No such trial',
    whatToDo: 'GET /faults lists the trials since the console was started.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'The path does not take this method',
    whatToDo: 'Use one of the methods in the Allow header.',
  },
  'request-timeout': {
    status: 408,
    title: 'The request took too long to arrive',
    whatToDo: 'Send the headers within 5 and the whole request within 10 seconds. Nothing was published.',
  },
  'in-flight': {
    status: 409,
    title: 'The same Idempotency-Key is being worked on',
    whatToDo: 'Wait as long as Retry-After says and repeat the request.',
  },
  'ambiguous-message': {
    status: 409,
    title: 'Several messages have this id',
    whatToDo: 'Name the one that is meant by ?source=SOURCE; "sources" lists them.',
  },
  'not-waiting': {
    status: 409,
    title: 'The message does not wait',
    whatToDo: 'It cannot be cancelled any more; GET /messages/ID says what became of it.',
  },
  'count-differs': {
    status: 409,
    title: 'Another number of dead letters is selected than was expected',
    whatToDo:
      'Nothing was touched. Look again, and send the number in "selected" as "expected" if it is what you mean.',
  },
  'letter-held': {
    status: 409,
    title: 'Somebody else holds the dead letter',
    whatToDo: 'Nothing was done. Look again in a moment.',
  },
  'fault-unavailable': {
    status: 409,
    title: 'The fault cannot be made to happen here and now',
    whatToDo: 'Nothing was done, or not all of it. The detail says what is in the way.',
  },
  'trial-running': {
    status: 409,
    title: 'A trial is under way',
    whatToDo: 'Wait for its end, or end it by DELETE /faults/trials/ID.',
  },
  'body-too-large': {
    status: 413,
    title: 'The body is too large',
    whatToDo: 'Send a smaller body, or raise BODY_LIMIT.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The body has a form that is not taken here',
    whatToDo:
      'Send application/json in UTF-8 (for a text also text/plain; a CloudEvent in structured or binary mode), not compressed.',
  },
  'expectation-failed': {
    status: 417,
    title: 'The Expect header cannot be met',
    whatToDo: 'Send no Expect header, or "Expect: 100-continue".',
  },
  'invalid-data': {
    status: 422,
    title: 'The data does not fit its message type',
    whatToDo: 'Mend what "errors" lists; each pointer names a place in the data.',
  },
  'no-order': {
    status: 422,
    title: 'The message type is not kept in order',
    whatToDo: 'Send the message without Handoff-Key, or give its type partitions where it is defined.',
  },
  'invalid-request': {
    status: 422,
    title: 'The request asks for something that is not taken here',
    whatToDo: 'Mend what "errors" lists; each pointer names a place in the body or a parameter of the query.',
  },
  'invalid-routes': {
    status: 422,
    title: 'These routing rules cannot be used',
    whatToDo: 'Mend what "mistakes" lists, each with its line. No rule was changed.',
  },
  'refused-operation': {
    status: 422,
    title: 'It cannot be done as asked',
    whatToDo: 'Nothing was touched. Mend what the detail says.',
  },
  'bad-lines': {
    status: 422,
    title: 'Some lines are no dead letters of the group',
    whatToDo: 'Nothing was imported. Mend what "lines" lists, at most 100 of them.',
  },
  'processing-rejected': {
    status: 422,
    title: 'The message was accepted, and its handler rejected it',
    whatToDo:
      'Do not send it again as it is: it is kept as a dead letter with its reason. Send a mended one as a new message.',
  },
  'key-reused': {
    status: 422,
    title: 'The Idempotency-Key was used for something else',
    whatToDo: 'Use a new key for a new message; the same key is for repeating the same one within 24 hours.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    whatToDo: 'Wait as long as Retry-After says.',
  },
  'headers-too-large': {
    status: 431,
    title: 'The headers are too large',
    whatToDo: 'Send at most 100 headers and at most 8 KiB of them.',
  },
  'internal-error': {
    status: 500,
    title: 'Something broke here',
    whatToDo: 'Repeat the request; if it stays, look for its request id in the log.',
  },
  'processing-failed': {
    status: 500,
    title: 'The message was accepted, and could not be processed',
    whatToDo:
      'Do not send it again: it is kept as a dead letter with its reason, and a person replays it once the cause is mended. "links" has its story.',
  },
  'not-accepted': {
    status: 503,
    title: 'The message was not taken',
    whatToDo: 'Nothing was published. Repeat the request after Retry-After.',
  },
  'journal-away': {
    status: 503,
    title: 'The journal cannot be read',
    whatToDo: 'Repeat the request after Retry-After; messages are accepted meanwhile.',
  },
  'store-away': {
    status: 503,
    title: 'The store does not answer',
    whatToDo: 'Nothing was changed. Repeat the request after Retry-After.',
  },
  'dead-letters-away': {
    status: 503,
    title: 'The dead letters cannot be reached',
    whatToDo: 'Every letter is where it was, unless "reason" says otherwise. Mend what it says and repeat the request.',
  },
  'topology-away': {
    status: 503,
    title: 'The broker cannot be looked at',
    whatToDo:
      'Nothing was changed. See whether the broker runs, and whether BROKER_URL says where; then repeat the request.',
  },
  'producer-refuses': {
    status: 502,
    title: 'The producer does not let the console in',
    whatToDo: 'Give the console a key that the producer knows, as PRODUCER_API_KEY. Nothing was sent.',
  },
  'producer-away': {
    status: 503,
    title: 'The producer cannot be reached',
    whatToDo:
      'Look whether it runs, and whether PRODUCER_URL says where. Where "outcome" is "unknown" it may have taken the message: repeat it with the same Idempotency-Key.',
  },
  'took-too-long': {
    status: 503,
    title: 'It took longer than a request may',
    whatToDo:
      'Every letter is where it was. Ask for fewer, wait until an export of the group is over, or use npx handoff dead, which takes its time.',
  },
  unroutable: {
    status: 503,
    title: 'No queue takes the message',
    whatToDo: 'Nothing was kept. Repeat the request once a queue for this type exists again.',
  },
  'outcome-unknown': {
    status: 503,
    title: 'It is not known whether the message was taken',
    whatToDo:
      'Repeat the request after Retry-After with the same Idempotency-Key or CloudEvent id: there will be one effect.',
  },
} as const satisfies Record<string, ProblemFacts>

export type ProblemCode = keyof typeof problems
