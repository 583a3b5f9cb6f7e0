/** One image is written down twice. */
const { sabotage } = require('./load.cjs')
const { twice } = require('./twice.cjs')

sabotage((load) => twice(load('work-queue/handlers').handlers, ({ image }) => image === 'cat-7.jpg'))
