import { argument, type Filter } from './filter-call.ts'
import { asNumber, Float, isFloat } from './values.ts'

const round: Filter = (value, call) => {
  const precision = asNumber(argument(call, 0, 'precision')) ?? 0
  const factor = 10 ** precision
  const scaled = (asNumber(value) ?? 0) * factor
  const method = argument(call, 1, 'method') ?? 'common'
  const whole = method === 'ceil'
    ? Math.ceil(scaled)
    : method === 'floor'
    ? Math.floor(scaled)
    : Math.round(scaled)
  return new Float(whole / factor)
}

const whole: Filter = (value, call) => {
  const otherwise = argument(call, 0, 'default') ?? 0
  const number = asNumber(value) ?? Number(/^\s*[-+]?\d+(\.\d*)?\s*$/.exec(String(value))?.[0])
  return Number.isNaN(number) ? otherwise : Math.trunc(number)
}

const decimal: Filter = (value, call) => {
  const number = asNumber(value) ??
    (typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN)
  return Number.isNaN(number) ? argument(call, 0, 'default') ?? new Float(0) : new Float(number)
}

/** Jinja's filters of numbers. */
export const numberFilters: Readonly<Record<string, Filter>> = {
  abs: (value) =>
    isFloat(value) ? new Float(Math.abs(asNumber(value) ?? 0)) : Math.abs(asNumber(value) ?? 0),
  float: decimal,
  int: whole,
  round,
}
