import { setTimeout as pause } from 'node:timers/promises'
import { handler, type Handler } from '../../services/consumer/handler'
import { resizeImage } from './messages'

const insertCopy = 'insert into resized_images (image, width, worker) values ($1, $2, $3)'
/** What the work takes. */
const workMs = 40

/** Nothing but the inbox keeps an image from being written down twice: the table allows it. */
const resize = handler(resizeImage, { group: 'resizers' }, async ({ image, width }, { db }) => {
  await pause(workMs)
  await db.run(insertCopy, [image, width, process.pid])
})

export const handlers: readonly Handler[] = [resize]
