import { describe, expect, test } from 'bun:test'
import { TemplateFailure } from '../../src/sandbox/jinja/failure.ts'
import { renderDeep, renderTemplate } from '../../src/sandbox/jinja/render.ts'

const context = {
  execution: {
    id: '6b02cd83bfb2d726a556ba5f',
    status: 'failed',
    parameters: { cmd: 'date', hosts: 'a,b' },
    result: { a: { stdout: 'x', stderr: '' }, b: { stdout: 'y', stderr: 'z' } },
    ok: true,
    none: null,
    list: [3, 1, 2],
    packs: [{ name: 'b', n: 2 }, { name: 'a', n: 1 }, { name: 'c' }],
  },
}

const lenient = (source: string) => renderTemplate(source, context, 'lenient')

const failure = (source: string, strictness: 'strict' | 'lenient'): TemplateFailure => {
  try {
    renderTemplate(source, context, strictness)
  } catch (error) {
    if (error instanceof TemplateFailure) return error
    throw error
  }
  throw new Error(`${source} did not fail`)
}

/** Template and what Python's Jinja makes of it, with StackStorm's settings. */
const renderings: readonly (readonly [string, string])[] = [
  // Values print as Python prints them.
  ['{{ execution.ok }} {{ execution.none }} {{ true }}', 'True None True'],
  ['{{ execution.parameters }}', "{'cmd': 'date', 'hosts': 'a,b'}"],
  ['{{ execution.list }} {{ ["it\'s"] }}', '[3, 1, 2] ["it\'s"]'],
  [
    '{{ 7 * 7 }} {{ 7 / 2 }} {{ 4 / 2 }} {{ 7 // 2 }} {{ -7 % 3 }} {{ 2 ** 3 }}',
    '49 3.5 2.0 3 2 8',
  ],
  ['{{ 1.0 }} {{ 2 + 0.5 }} {{ "a" ~ 1 ~ none }}', '1.0 2.5 a1None'],
  // Attributes, items, slices, methods.
  ['{{ execution.id[:2] }} {{ execution["id"][-2:] }} {{ execution.list[-1] }}', '6b 5f 2'],
  ['{{ execution.list[::-1] }} {{ "abc"[::-1] }} {{ "abcdef"[1:5:2] }}', '[2, 1, 3] cba bd'],
  ['{{ execution.parameters.hosts.split(",") | join("+") }}', 'a+b'],
  ['{{ "x-y".replace("-", "_").upper() }} {{ " a ".strip() }}|', 'X_Y a|'],
  [
    '{{ execution.parameters.get("nope", "d") }} {{ "a" in "cat" }} {{ 4 not in [1] }}',
    'd True True',
  ],
  ['{{ "%s has %d" % ("a", 2) }} {{ "{} {0}".format("z") }}', 'a has 2 z z'],
  // Statements and their blanks: trim_blocks and lstrip_blocks are on.
  ['a\n  {% if execution.ok %}\n  b\n  {% endif %}\nc', 'a\n  b\nc'],
  ['{% for h in execution.result -%}\n  {{ h }}\n{%+ endfor %}\n', 'a\nb\n'],
  ['x\n  {%+ if true %}y{% endif %}', 'x\n  y'],
  ['a {%- if true -%} b {%- endif -%} c', 'abc'],
  ['one\n{# a comment #}\ntwo\n', 'one\ntwo'],
  ['{% raw %}{{ not this }}{% endraw %}', '{{ not this }}'],
  [
    '{% for k, v in execution.parameters.items() %}{{ loop.index }}{{ k }}={{ v }}{{ ";" if not loop.last else "" }}{% endfor %}',
    '1cmd=date;2hosts=a,b',
  ],
  ['{% for x in execution.list if x > 1 %}{{ x }}{% else %}none{% endfor %}', '32'],
  ['{% for x in [] %}{{ x }}{% else %}none{% endfor %}', 'none'],
  ['{% set n = 1 %}{% for x in [1, 2] %}{% set n = n + x %}{% endfor %}{{ n }}', '1'],
  [
    '{% set ns = namespace(n=1) %}{% for x in [1, 2] %}{% set ns.n = ns.n + x %}{% endfor %}{{ ns.n }}',
    '4',
  ],
  ['{% macro m(a, b=2) %}[{{ a }}{{ b }}]{% endmacro %}{{ m(1) }}{{ m(1, b=3) }}', '[12][13]'],
  ['{% if nope is defined %}a{% elif nope %}b{% else %}c{% endif %}', 'c'],
  // Filters of Jinja.
  ['{{ execution.result | length }} {{ execution.list | sort | first }}', '2 1'],
  ['{{ execution.packs | map(attribute="name") | join(", ") }}', 'b, a, c'],
  [
    '{{ execution.packs | sort(attribute="name") | map(attribute="name") | list }}',
    "['a', 'b', 'c']",
  ],
  ['{{ execution.packs | selectattr("n") | map(attribute="name") | join }}', 'ba'],
  ['{{ execution.packs | selectattr("name", "in", ["a"]) | map(attribute="n") | sum }}', '1'],
  ['{{ nope | default("d") }} {{ "" | default("e", true) }} {{ none | d("f") }}', 'd e None'],
  [
    '{{ "hello world" | title }} {{ "AbC" | lower | capitalize }} {{ " x " | trim }}',
    'Hello World Abc x',
  ],
  ['{{ 3.7 | int }} {{ "12x" | int(5) }} {{ 2.567 | round(1) }} {{ 2 | float }}', '3 5 2.6 2.0'],
  ['{{ "a b c d" | truncate(5, false, "...", 0) }}', 'a...'],
  ['{{ "a\nb" | indent(2) }}', 'a\n  b'],
  ['{{ {"b": 1, "a": "x"} | tojson }}', '{"a": "x", "b": 1}'],
  ['{{ [1, 2, 2] | unique | list }} {{ "abc" | reverse }}', '[1, 2] cba'],
  ['{{ {"b": 1, "a": 2} | dictsort }}', "[['a', 2], ['b', 1]]"],
  // StackStorm's own.
  ['{{ {"a": [1, "x"]} | to_json_string }}', '{"a": [1,"x"]}'],
  ['{{ {"a": [1, "x"]} | to_yaml_string }}', 'a:\n  - 1\n  - x\n'],
  ['{{ 93784 | to_human_time_from_seconds }}', '1d2h3m4s'],
  ['{{ "a1b22" | regex_replace("\\d+", "#") }} {{ "v1" | regex_match("v\\d") }}', 'a#b# True'],
  ['{{ "x-42-y" | regex_substring("\\d+") }} {{ "abc" | regex_search("C", true) }}', '42 True'],
  ['{{ "1.2.3" | version_bump_minor }} {{ "1.10.0" | version_more_than("1.9.0") }}', '1.3.0 True'],
  [
    '{{ "1.2.3" | version_match(">=1.0.0") }} {{ "1.2.3-rc1" | version_compare("1.2.3") }}',
    'True -1',
  ],
  ['{{ {"hosts": [{"n": 1}, {"n": 2}]} | jsonpath_query("hosts[*].n") }}', '[1, 2]'],
  ["{{ '\"x\" said' | json_escape }} {{ '[1]' | from_json_string | first }}", '\\"x\\" said 1'],
  ['{{ none | use_none }}', '%*****__%NONE%__*****%'],
  ['{% for k, v in six.iteritems(execution.parameters) %}{{ k }} {% endfor %}', 'cmd hosts '],
]

describe('templates', () => {
  for (const [source, expected] of renderings) {
    test(JSON.stringify(source), () => expect(lenient(source)).toBe(expected))
  }
})

describe('what is missing', () => {
  test('is empty in a result', () => {
    expect(lenient('[{{ nope }}{{ execution.nope }}{% for x in nope %}{% endfor %}]')).toBe('[]')
  })

  const messages: readonly (readonly [string, string])[] = [
    ['{{ nope }}', "'nope' is undefined"],
    ['{{ execution.nope }}', "'dict object' has no attribute 'nope'"],
    ['{{ "".constructor }}', "'str object' has no attribute 'constructor'"],
    ['{{ execution.none.x }}', "'None' has no attribute 'x'"],
    ['{% if nope %}{% endif %}', "'nope' is undefined"],
    ['{{ nope | upper }}', "'nope' is undefined"],
  ]
  for (const [source, message] of messages) {
    test(`is an error in an acknowledgement: ${source}`, () => {
      const { kind, message: text } = failure(source, 'strict')
      expect([kind, text]).toEqual(['undefined', message])
    })
  }

  test('has no attributes, not even in a result', () => {
    expect(failure('{{ nope.x }}', 'lenient').kind).toBe('undefined')
  })
})

describe('what fails', () => {
  const syntax = [
    '{{ x',
    '{% if x %}',
    '{{ x | nofilter }}',
    '{{ x is notest }}',
    '{% raw %}',
    '{% zork %}',
  ]
  for (const source of syntax) {
    test(`is a syntax error: ${source}`, () => {
      expect(failure(source, 'lenient').kind).toBe('syntax')
    })
  }
  const other = [
    '{{ 1 / 0 }}',
    '{{ "a" + 1 }}',
    '{{ "x" * 9999999 }}',
    '{{ range(99999999) }}',
    '{{ "k" | decrypt_kv }}',
  ]
  for (const source of other) {
    test(`is an error of its own: ${source}`, () => {
      expect(failure(source, 'lenient').kind).toBe('other')
    })
  }

  test('an endless text is cut short, coming in or going out', () => {
    const loop = "{% for a in range(99) %}{{ 'x' * 99999 }}{% endfor %}"
    expect(failure(loop, 'lenient').message).toContain('prints too much')
    expect(failure(`{{ 1 }}${' '.repeat(60_000)}`, 'lenient').message).toContain('too long')
  })

  test('an endless amount of work is cut short', () => {
    const loop =
      '{% for a in range(2000) %}{% for b in range(2000) %}{{ a * b }}{% endfor %}{% endfor %}'
    expect(failure(loop, 'lenient').message).toContain('too many steps')
  })
})

describe('nothing of JavaScript can be reached', () => {
  const attempts = [
    '{{ "".constructor }}',
    '{{ [].constructor.constructor }}',
    '{{ execution.__proto__ }}',
    '{{ execution["constructor"] }}',
    '{{ execution.toString }}',
    '{{ range.call }}',
    '{{ execution.list.length }}',
    '{{ ({}).hasOwnProperty }}',
  ]
  for (const source of attempts) {
    test(source, () => {
      const reached = (() => {
        try {
          return lenient(source)
        } catch (error) {
          return error instanceof TemplateFailure ? '' : 'something else'
        }
      })()
      expect(reached).toBe('')
    })
  }
})

test('every text inside a value is rendered, the rest stays', () => {
  const value = { a: '{{ execution.status }}', b: [1, true, null, '{{ 1 + 1 }}'], c: { d: 'x' } }
  expect(renderDeep(value, context, 'strict')).toEqual({
    a: 'failed',
    b: [1, true, null, '2'],
    c: { d: 'x' },
  })
})
