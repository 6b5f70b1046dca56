import { describe, expect, test } from 'bun:test'
import {
  type ExecutionForMessage,
  formatDefaultResult,
} from '../../src/stackstorm/default-result.ts'
import { haveRecordings, recording } from '../recordings.ts'

type Rendering = { label: string; execution?: ExecutionForMessage; message: string }

const renderings = (): Rendering[] =>
  haveRecordings ? JSON.parse(recording('st2/default-results.json')) : []

describe('formatDefaultResult', () => {
  for (const { label, execution, message } of renderings()) {
    if (execution === undefined) continue
    test(`renders as the server: ${label}`, () => {
      expect(formatDefaultResult(execution)).toBe(message)
    })
  }
})
