import type { FastifySchema } from 'fastify'
import type { TSchema } from 'typebox'
import { problem } from '../../../shared/runtime/problem-schema'

const trial = { description: 'The trial as it stands.', type: 'object' }
const refusals = { 401: problem('CONSOLE_API_KEYS is set, and the request bears no valid key.') }
const unknown = { 404: problem('There is no such trial.') }

function described(operationId: string, summary: string): FastifySchema {
  return { operationId, summary, tags: ['faults'] }
}

export const faultsSchema: FastifySchema = {
  ...described('list_faults', 'What can be made to happen, and the trials so far'),
  description: 'There with FAULTS=on alone, which no production has.',
  response: { 200: { description: 'Faults, with what is in the way, and trials.', type: 'object' }, ...refusals },
}

export const startTrialSchema = (body: TSchema): FastifySchema => ({
  ...described('start_trial', 'Sends messages, makes a fault happen meanwhile, and sees what becomes of them'),
  body,
  response: {
    202: trial,
    409: problem('Another trial is under way, or the fault cannot be made to happen here and now.'),
    422: problem('"errors" or the detail says what is wrong; nothing was done.'),
    ...refusals,
  },
})

export const showTrialSchema: FastifySchema = {
  ...described('get_trial', 'A trial: what has happened, how much, and the verdict'),
  response: { 200: trial, ...refusals, ...unknown },
}

export const cancelTrialSchema: FastifySchema = {
  ...described('cancel_trial', 'Ends a trial before its time'),
  response: { 200: trial, ...refusals, ...unknown },
}
