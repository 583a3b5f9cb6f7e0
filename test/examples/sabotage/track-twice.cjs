/** One label is written down twice. */
const { sabotage } = require('./load.cjs')
const { twice } = require('./twice.cjs')

sabotage((load) => twice(load('another-language/handlers').handlers, ({ parcel }) => parcel === 'P-1'))
