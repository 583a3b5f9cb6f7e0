const text = { type: 'string' }

const extensions = {
  cloudEvents_traceparent: { type: 'string', description: 'W3C Trace Context.' },
  traceparent: { type: 'string', description: 'The same, where tracing tools look for it.' },
  cloudEvents_correlationid: {
    type: 'string',
    description: 'The first message of the whole that this one belongs to.',
  },
  cloudEvents_causationid: { type: 'string', description: 'The message that this one followed from.' },
  cloudEvents_deliverat: {
    ...text,
    format: 'date-time',
    description: 'When it is due; it is not delivered before.',
  },
  cloudEvents_expirytime: {
    ...text,
    format: 'date-time',
    description: 'From when on it is parked as expired in place of being handled.',
  },
  cloudEvents_partitionkey: {
    type: 'string',
    description: 'The ordering key; by it the message goes through a partition, where its type has any.',
  },
  cloudEvents_priority: {
    ...text,
    pattern: '^[0-9]$',
    description:
      'From 0 for what may wait to 9 for what is most urgent; without effect on what goes through a partition.',
  },
}

const handoffHeaders = {
  'handoff-attempt': {
    type: 'integer',
    minimum: 1,
    description: 'Of a retried message: which attempt comes next.',
  },
  'handoff-first-seen': { ...text, format: 'date-time', description: 'When the group first saw it.' },
  'handoff-replays': { type: 'integer', minimum: 0, description: 'How often a person has put it back.' },
}

/** Headers as they stand on the wire: CloudEvents in AMQP's binary mode, and those of Handoff that a consumer may meet. */
export function messageHeaders(type: string) {
  return {
    type: 'object',
    required: ['cloudEvents_specversion', 'cloudEvents_id', 'cloudEvents_source', 'cloudEvents_type'],
    properties: {
      cloudEvents_specversion: { const: '1.0' },
      cloudEvents_id: { type: 'string', minLength: 1, description: 'Unique together with the source.' },
      cloudEvents_source: { type: 'string', format: 'uri-reference', minLength: 1 },
      cloudEvents_type: { const: type },
      cloudEvents_time: { type: 'string', format: 'date-time' },
      ...extensions,
      ...handoffHeaders,
    },
  }
}
