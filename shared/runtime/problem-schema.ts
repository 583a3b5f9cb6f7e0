const text = { type: 'string' }

/** The documents' view of an answer that says no. */
export const problem = (description: string) => ({
  description,
  content: {
    'application/problem+json': {
      schema: {
        type: 'object',
        required: ['type', 'title', 'status', 'detail', 'code'],
        properties: {
          type: { type: 'string', format: 'uri-reference' },
          title: text,
          status: { type: 'integer' },
          detail: text,
          instance: text,
          requestId: text,
          code: text,
          id: { type: 'string', description: 'The message, where one was made.' },
          outcome: { enum: ['not_accepted', 'unknown', 'unroutable'] },
          errors: {
            type: 'array',
            items: { type: 'object', properties: { pointer: text, detail: text, keyword: text } },
          },
        },
      },
    },
  },
})
