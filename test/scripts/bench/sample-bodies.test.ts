import { messageSizes, webhookBody } from '../../../scripts/bench/sample-bodies'

test.each(messageSizes)('a body of $name has just that many bytes', ({ bytes }) => {
  expect(Buffer.byteLength(webhookBody(7, bytes))).toBe(bytes)
})
