import type { Features } from './adapter.ts'

/** What a service has that knows lines of text, in rooms and in private, and nothing beside. */
export const textFeatures: Features = {
  threads: false,
  ephemeral: false,
  private: true,
  attachments: false,
  files: false,
  edits: false,
  buttons: false,
}
