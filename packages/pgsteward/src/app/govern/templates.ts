// Templates that a team edits: those that come with pgsteward, and how a filled-in one is read.

export { CHANGE_TEMPLATE, readChangeTemplate } from '../../govern/change/change-template.ts'
export { DEFAULT_TEMPLATE as REHEARSAL_TEMPLATE } from '../../govern/rehearsal/rehearsal-template.ts'
