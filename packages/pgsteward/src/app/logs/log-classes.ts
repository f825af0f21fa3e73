// The catalogue of log classes, for the server above.

export { LOG_CLASSES } from '../../logs/classes/all.ts'
